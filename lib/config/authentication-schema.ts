import * as v from 'valibot';
import {
  challengeMethods,
  methodProfiles,
  methodRules,
  methods,
  passwordlessMethods,
  riskBands,
} from '../../lambdas/core/configuration.ts';
import { level2Methods } from './authentication.ts';

const oneOf = <const T extends readonly string[]>(options: T) =>
  v.picklist(options, `expected one of ${options.join(', ')}`);
const optionalKeys = <const K extends readonly string[], S extends v.GenericSchema>(keys: K, schema: S) =>
  v.strictObject(Object.fromEntries(keys.map((key) => [key, v.optional(schema)])));
const someOf = <const T extends readonly string[]>(options: T) =>
  v.pipe(
    v.array(oneOf(options), 'expected a list of methods'),
    v.minLength(1, 'expected at least one method'),
  );

const methodPolicy = {
  profile: v.optional(oneOf(methodProfiles)),
  methods: v.optional(optionalKeys(methods, oneOf(methodRules))),
  passwordless: v.optional(v.array(oneOf(passwordlessMethods), 'expected a list of methods')),
  bands: v.optional(optionalKeys(riskBands, someOf(challengeMethods))),
  levels: v.optional(v.strictObject({ 2: v.optional(someOf(level2Methods)) })),
};

export const authenticationSchema = v.strictObject({
  ...methodPolicy,
  clients: v.optional(v.record(v.string(), v.strictObject(methodPolicy))),
  groups: v.optional(
    v.strictObject({
      operators: v.optional(v.strictObject({ require: oneOf(['phishing-resistant']) })),
    }),
  ),
});
