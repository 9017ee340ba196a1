import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { routes } from '../../src/routes/index.ts';

/**
 * Cuts the used slice out of GitHub's OpenAPI description and its webhook examples. The description is 394 MB, so it is no
 * dependency. To take newer ones:
 *
 *   npm pack @octokit/openapi @octokit/webhooks-examples   # unpack both
 *   node test/published/cut.ts <folder of openapi> <folder of webhooks-examples>
 */
const [openapiFolder = '', examplesFolder = ''] = process.argv.slice(2);

type Json = Record<string, unknown>;
const read = (...path: string[]): Json => JSON.parse(readFileSync(join(...path), 'utf8')) as Json;
const write = (name: string, content: unknown): void =>
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(content)}\n`);

const EVENTS = {
  pull_request: ['opened', 'synchronize', 'reopened', 'ready_for_review', 'converted_to_draft', 'edited', 'closed'],
  issue_comment: ['created'],
  check_run: ['rerequested', 'requested_action'],
  check_suite: ['rerequested'],
  ping: [undefined],
} as const;

interface Operation extends Json {
  readonly requestBody?: { readonly content: Record<string, { readonly schema: unknown }> };
  readonly responses: Record<string, Json>;
}
interface Description extends Json {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Json; readonly responses: Record<string, Json> };
  readonly 'x-webhooks': Record<string, { post: Operation }>;
}

const description = read(openapiFolder, 'generated', 'api.github.com.json') as Description;
const schemas: Json = {};

/** The name behind `#/components/<kind>/`, if the value is a reference. */
function referred(value: Json, kind: 'schemas' | 'responses'): string | undefined {
  const reference = value['$ref'];
  const prefix = `#/components/${kind}/`;
  return typeof reference === 'string' && reference.startsWith(prefix) ? reference.slice(prefix.length) : undefined;
}

/** Removes what no validation needs, and collects the schemas that are referred to. */
function slim(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(slim);
  if (typeof value !== 'object' || value === null) return value;
  const name = referred(value as Json, 'schemas');
  if (name !== undefined && !(name in schemas)) {
    schemas[name] = {};
    schemas[name] = slim(description.components.schemas[name]);
  }
  const kept = Object.entries(value).filter(
    ([key, part]) =>
      !key.startsWith('x-') &&
      !(['description', 'example', 'examples', 'title', 'externalDocs'].includes(key) && isProse(key, part)),
  );
  return Object.fromEntries(kept.map(([key, part]) => [key, slim(part)]));
}

/** A property may be called `description` too; then its value is a schema. */
const isProse = (key: string, part: unknown): boolean =>
  typeof part !== 'object' || (key.startsWith('example') && !('type' in ((part ?? {}) as Json)));

const content = (holder: Json): unknown =>
  (holder['content'] as Record<string, { schema: unknown }> | undefined)?.['application/json']?.schema ?? null;

function responseSchema(response: Json): unknown {
  const name = referred(response, 'responses');
  return slim(content(name === undefined ? response : (description.components.responses[name] ?? {})));
}

/** GitHub names the parameters of the same path differently, so parameters are compared as `{}`. */
const shape = (path: string): string => path.replace(/\{[^}]+\}/g, '{}').replace(/\/$/, '');
const published = new Map(Object.entries(description.paths).map(([path, item]) => [shape(path), { path, item }]));

const operations: Json = {};
for (const route of routes) {
  const found = published.get(shape(route.pattern)) ?? published.get(shape(`${route.pattern}/{path}`));
  const operation = found?.item[route.method.toLowerCase()];
  if (found === undefined || operation === undefined) throw new Error(`GitHub has no ${route.method} ${route.pattern}`);
  const request = slim(operation.requestBody?.content['application/json']?.schema ?? null);
  const responses = Object.entries(operation.responses).map(([status, each]) => [status, responseSchema(each)]);
  operations[`${route.method} ${route.pattern}`] = {
    path: found.path,
    request,
    responses: Object.fromEntries(responses),
  };
}

const webhooks: Json = {};
for (const [event, actions] of Object.entries(EVENTS)) {
  for (const action of actions) {
    const name = [event, action].filter(Boolean).join('-').replaceAll('_', '-');
    const schema = description['x-webhooks'][name]?.post.requestBody?.content['application/json']?.schema;
    if (schema === undefined) throw new Error(`GitHub describes no webhook ${name}`);
    webhooks[[event, action].filter(Boolean).join('.')] = slim(schema);
  }
}

const source = (folder: string): Json => {
  const { name, version, license } = read(folder, 'package.json');
  return {
    package: `${String(name)}@${String(version)}`,
    license,
    notice: 'Copyright (c) 2020 Octokit contributors. See LICENSE beside this file.',
  };
};
write('openapi-slice.json', { source: source(openapiFolder), operations, webhooks, components: { schemas } });

const all = read(examplesFolder, 'api.github.com', 'index.json') as unknown as { name: string; examples: Json[] }[];
const examples = Object.entries(EVENTS).flatMap(([event, actions]) =>
  actions.map((action) => {
    const found = all.find(({ name }) => name === event)?.examples.filter((each) => each['action'] === action) ?? [];
    // The richest one: with an installation, as apps receive it.
    return {
      event,
      action: action ?? null,
      payload: found.find((each) => 'installation' in each) ?? found.at(-1) ?? null,
    };
  }),
);
const known = examples.filter(({ payload }) => payload !== null);
write('webhook-examples.json', { source: source(examplesFolder), examples: known });
