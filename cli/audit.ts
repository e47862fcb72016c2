import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { CheckpointHead } from '../lambdas/core/audit/chain.ts';
import { type ArchiveReport, verifyArchive } from '../lambdas/core/audit/verify.ts';
import { readArchive } from './archive-files.ts';

interface VerifyCommandOptions {
  readonly publicKey: string;
  readonly head?: CheckpointHead;
  readonly json?: boolean;
}

export function auditCommand(): Command {
  const audit = new Command('audit').description('The audit archive');
  audit
    .command('verify')
    .description(
      'Finds every edit, deletion, insertion, swap and cut tail in a copy of the archive. Exit code 1 if any.',
    )
    .argument('<directory>', 'copy of the archive bucket, for example from "aws s3 sync"')
    .requiredOption(
      '--public-key <file>',
      'public key of the checkpoint key, PEM or DER ("aws kms get-public-key")',
    )
    .option(
      '--head <n:hash>',
      'last checkpoint known from elsewhere; without it a cut tail cannot show',
      readHead,
    )
    .option('--json', 'print the report as JSON')
    .action(verifyDirectory);
  return audit;
}

function readHead(text: string): CheckpointHead {
  const parts = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  if (!parts) throw new InvalidArgumentError('Expected <number>:<64 hex digits>.');
  return { n: Number(parts[1]), hash: parts[2] ?? '' };
}

async function verifyDirectory(directory: string, options: VerifyCommandOptions): Promise<void> {
  const key = await readKey(options.publicKey);
  const report = verifyArchive(await readArchive(directory), {
    signatureIsValid: (message, signature) =>
      verify('sha256', Buffer.from(message), key, Buffer.from(signature, 'base64')),
    expectedHead: options.head,
  });
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else printReport(report, options.head !== undefined);
  if (report.problems.length > 0) process.exitCode = 1;
}

async function readKey(file: string): Promise<KeyObject> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Error(`--public-key ${file}: cannot be read`, { cause });
  });
  try {
    const key = bytes.includes('-----BEGIN')
      ? createPublicKey(bytes)
      : createPublicKey({ key: bytes, format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ec') throw new Error('not an EC key');
    return key;
  } catch (cause) {
    throw new Error(`--public-key ${file}: expected an EC public key in PEM or DER (SPKI)`, { cause });
  }
}

function printReport(report: ArchiveReport, headKnown: boolean): void {
  for (const { code, where, detail } of report.problems) console.log(`${code}  ${where}: ${detail}`);
  const counted = `${report.events} events (${report.duplicates} repeated lines), ${report.chains} chains, ${report.checkpoints} checkpoints`;
  console.log(
    `${report.problems.length === 0 ? 'intact' : `${report.problems.length} problems`}: ${counted}`,
  );
  console.log(`head ${report.head.n}:${report.head.hash}`);
  if (!headKnown)
    console.log('Keep this head: given as --head next time, it shows whether the tail was cut.');
}
