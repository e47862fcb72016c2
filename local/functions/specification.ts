/** A function as the template describes it, ready to run. */
export interface FunctionSpecification {
  readonly arn: string;
  /** Physical name, last part of the ARN. */
  readonly name: string;
  /** Short name that people and fault rules use, such as `sign-in`. */
  readonly label: string;
  readonly code: FunctionCode;
  /** `index.handler` */
  readonly handler: string;
  /** `nodejs24.x`; which one runs is the Node.js of this machine. */
  readonly runtime: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** Calls beyond this many at a time are throttled. */
  readonly reservedConcurrency?: number;
  readonly roleArn: string;
  /** Queue for asynchronous events that failed for good. */
  readonly deadLetterArn?: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface FunctionCode {
  readonly directory: string;
  /** Code written in the template itself, instead of a file in the directory. */
  readonly source?: string;
}

/** What a function call ends with, whoever made it. */
export type Outcome =
  | { readonly ok: true; readonly json: string }
  | {
      readonly ok: false;
      readonly kind: 'threw' | 'timeout' | 'crashed';
      readonly errorType: string;
      readonly message: string;
      readonly trace?: readonly string[];
    };
