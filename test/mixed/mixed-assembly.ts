import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const variables = z.object({ Variables: z.record(z.string(), z.unknown()).default({}) });
const functionSchema = z.looseObject({
  Type: z.literal('AWS::Lambda::Function'),
  Properties: z.looseObject({
    Code: z.unknown(),
    Handler: z.unknown(),
    Description: z.string(),
    Environment: variables.default({ Variables: {} }),
  }),
});
const templateSchema = z.looseObject({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });
const manifestSchema = z.looseObject({ artifacts: z.record(z.string(), z.unknown()) });
const assetsSchema = z.looseObject({
  files: z.record(z.string(), z.looseObject({ source: z.looseObject({ path: z.string() }) })),
});

export interface MixedAssembly {
  /** The folder to write to. */
  readonly folder: string;
  /** The assembly whose resources, permissions and mappings there are: in a deploy, those of the newer release. */
  readonly base: string;
  /** The assembly of which some functions run. */
  readonly other: string;
  /** Whether a function, by its description, runs the code of `other`. */
  readonly isOther: (description: string) => boolean;
}

/**
 * Writes an assembly in which some functions run another build. A function keeps the variables of its own build and gets
 * those of the base on top, because CloudFormation updates its configuration before its code. Returns the descriptions of
 * the functions that run the other build.
 */
export function writeMixedAssembly({ folder, base, other, isOther }: MixedAssembly): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const mixed: string[] = [];
  for (const file of filesOf(base, '.template.json')) {
    const template = templateSchema.parse(readJson(base, file));
    const others = filesOf(other, '.template.json').includes(file) ? templateSchema.parse(readJson(other, file)) : null;
    for (const [id, resource] of Object.entries(template.Resources)) {
      const [own, its] = [functionSchema.safeParse(resource), functionSchema.safeParse(others?.Resources[id])];
      if (!own.success || !its.success || !isOther(own.data.Properties.Description)) continue;
      mixed.push(own.data.Properties.Description);
      template.Resources[id] = withCodeOf(own.data, its.data);
    }
    writeJson(folder, file, template);
  }
  writeManifest(folder, base, other);
  return mixed;
}

type Fn = z.infer<typeof functionSchema>;

function withCodeOf(own: Fn, { Properties: { Code, Handler, Environment } }: Fn): Fn {
  const Variables = { ...Environment.Variables, ...own.Properties.Environment.Variables };
  return { ...own, Properties: { ...own.Properties, Code, Handler, Environment: { Variables } } };
}

/** The base's manifest, with the assets of both. Their paths become absolute, so nothing is copied. */
function writeManifest(folder: string, base: string, other: string): void {
  const manifest = manifestSchema.parse(readJson(base, 'manifest.json'));
  const added: Record<string, unknown> = {};
  for (const [from, prefix] of [
    [base, ''],
    [other, 'other-'],
  ] as const) {
    for (const file of filesOf(from, '.assets.json')) {
      const assets = assetsSchema.parse(readJson(from, file));
      for (const { source } of Object.values(assets.files)) source.path = resolve(from, source.path);
      writeJson(folder, `${prefix}${file}`, assets);
      if (prefix !== '')
        added[`${prefix}${file}`] = { type: 'cdk:asset-manifest', properties: { file: prefix + file } };
    }
  }
  writeJson(folder, 'manifest.json', { ...manifest, artifacts: { ...manifest.artifacts, ...added } });
}

const filesOf = (folder: string, ending: string): string[] =>
  readdirSync(folder).filter((name) => name.endsWith(ending));
const readJson = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const writeJson = (folder: string, file: string, value: unknown): void =>
  writeFileSync(join(folder, file), JSON.stringify(value));
