import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { openApiDocument } from '../lambdas/api/openapi.ts';

/**
 * Writes the client's types from the OpenAPI document, so that the published client stands without our sources.
 * `--check` writes nothing and fails when the file is not what the route table makes.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const path = 'client/generated/identity-api.ts';
const header = `/**
 * Types of every route on the wire.
 * Made by \`npm run client-types\` from the route table (lambdas/api/routes); \`npm run check -- client\` finds it stale.
 */
`;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: object;
}
interface Operation {
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Partial<Content>>>;
}
interface Content {
  readonly content: { readonly 'application/json'?: { readonly schema: object } };
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: { readonly Problem: object } };
}

const { paths, components } = openApiDocument({ title: 'Vestibule' }) as unknown as Document;

/** What a call carries and what it answers, as one schema per route: `paths` of the document says it in three times the length. */
const routes = Object.entries(paths).flatMap(([address, operations]) =>
  Object.entries(operations).map(
    ([method, operation]) => [`${method.toUpperCase()} ${address}`, routeSchema(operation)] as const,
  ),
);

function routeSchema({ summary, parameters = [], requestBody, responses }: Operation) {
  const [[, success = {}] = []] = Object.entries(responses).filter(([status]) => status < '300');
  const parts = {
    params: parametersOf(parameters, 'path'),
    query: parametersOf(parameters, 'query'),
    headers: parametersOf(parameters, 'header'),
    body: requestBody?.content['application/json']?.schema,
    answer: success.content?.['application/json']?.schema,
  };
  const properties = Object.fromEntries(Object.entries(parts).filter(([, schema]) => schema !== undefined));
  return { ...closed(properties, Object.keys(properties)), description: summary };
}

function parametersOf(parameters: readonly Parameter[], place: Parameter['in']): object | undefined {
  const there = parameters.filter((parameter) => parameter.in === place);
  if (there.length === 0) return undefined;
  const required = there.filter((parameter) => parameter.required).map(({ name }) => name);
  return closed(Object.fromEntries(there.map(({ name, schema }) => [name, schema])), required);
}

function closed(properties: object, required: readonly string[]) {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** An object that does not say whether it is open is open; the generator takes it for closed. */
function sayOpen(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(sayOpen);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, sayOpen(value)]));
  const isSilent = inside.type === 'object' && inside.additionalProperties === undefined;
  return isSilent ? { ...inside, additionalProperties: true } : inside;
}

/** The rest of what is generated is empty. */
const isComponents = (node: Awaited<ReturnType<typeof openapiTS>>[number]): boolean =>
  /^export interface components\b/.test(astToString(node));

async function clientTypes(): Promise<string> {
  const schemas = { Problem: components.schemas.Problem, ...Object.fromEntries(routes) };
  const document = { openapi: '3.1.0', info: { title: 'Vestibule', version: '1' }, components: { schemas } };
  const nodes = await openapiTS(sayOpen(document) as Parameters<typeof openapiTS>[0], {
    defaultNonNullable: false,
  });
  const { status, stdout, stderr } = spawnSync(
    `${root}node_modules/.bin/biome`,
    ['format', `--stdin-file-path=${path}`],
    { cwd: root, input: header + astToString(nodes.filter(isComponents)), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`biome format ${path}: ${stderr}`);
  return stdout;
}

const made = await clientTypes();
if (process.argv.includes('--check')) {
  if (made !== readFileSync(`${root}${path}`, 'utf8')) {
    console.error(`${path} is not what the route table makes: npm run client-types`);
    process.exitCode = 1;
  }
} else writeFileSync(`${root}${path}`, made);
