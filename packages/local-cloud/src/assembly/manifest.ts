import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AssemblyError } from './errors.ts';
import { templateSchema } from './template.ts';
import type { Template } from './template.ts';

const artifactSchema = z.object({
  type: z.string(),
  environment: z.string().optional(),
  dependencies: z.array(z.string()).default([]),
  displayName: z.string().optional(),
  properties: z
    .object({
      templateFile: z.string().optional(),
      stackName: z.string().optional(),
      parameters: z.record(z.string(), z.string()).optional(),
      file: z.string().optional(),
      directoryName: z.string().optional(),
    })
    .default({}),
});

const manifestSchema = z.object({ version: z.string(), artifacts: z.record(z.string(), artifactSchema).default({}) });

const assetManifestSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional(), packaging: z.enum(['file', 'zip']).default('file') }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/** A stack of the assembly. */
export interface StackArtifact {
  /** The artifact id, by which the CDK CLI selects the stack. */
  readonly id: string;
  /** The CloudFormation stack name. */
  readonly name: string;
  /** Undefined for an environment-agnostic stack. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly template: Template;
  /** Values that CDK passes at deployment. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Ids of the stacks that must be provisioned before this one. */
  readonly dependencies: readonly string[];
}

/** A cloud assembly as `cdk synth` writes it. */
export interface Assembly {
  readonly directory: string;
  /** In deployment order. */
  readonly stacks: readonly StackArtifact[];
  /** The file of each asset, or its folder for a zip asset, by its object key in the bootstrap bucket. */
  readonly assets: ReadonlyMap<string, string>;
}

/**
 * Reads the assembly in `directory`, including the nested assemblies of its stages. `only` selects stacks by id or name;
 * their dependencies are included. Throws an `AssemblyError` when the folder is not a valid assembly.
 */
export function readAssembly(directory: string, only?: readonly string[]): Assembly {
  const found: { stacks: StackArtifact[]; assets: Map<string, string> } = { stacks: [], assets: new Map() };
  readDirectory(resolve(directory), found);
  return { directory: resolve(directory), stacks: select(ordered(found.stacks), only), assets: found.assets };
}

function readDirectory(directory: string, found: { stacks: StackArtifact[]; assets: Map<string, string> }): void {
  const path = join(directory, 'manifest.json');
  if (!existsSync(path))
    throw new AssemblyError(directory, 'does not contain manifest.json. Run `npx cdk synth` first.');
  const { artifacts } = read(path, manifestSchema);
  for (const [id, artifact] of Object.entries(artifacts)) {
    const { templateFile, file, directoryName } = artifact.properties;
    if (artifact.type === 'aws:cloudformation:stack' && templateFile !== undefined) {
      const [account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '')?.slice(1) ?? [];
      found.stacks.push({
        id,
        name: artifact.properties.stackName ?? id,
        account: account === 'unknown-account' ? undefined : account,
        region: region === 'unknown-region' ? undefined : region,
        template: read(join(directory, templateFile), templateSchema),
        parameters: artifact.properties.parameters ?? {},
        dependencies: artifact.dependencies,
      });
    } else if (artifact.type === 'cdk:asset-manifest' && file !== undefined) {
      readAssets(directory, file, found.assets);
    } else if (artifact.type === 'cdk:cloud-assembly' && directoryName !== undefined) {
      readDirectory(join(directory, directoryName), found);
    }
  }
}

function readAssets(directory: string, file: string, assets: Map<string, string>): void {
  for (const { source, destinations } of Object.values(read(join(directory, file), assetManifestSchema).files)) {
    if (source.path === undefined) continue; // Built by an external command. A resource that uses it reports the error.
    for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, resolve(directory, source.path));
  }
}

function read<S extends z.ZodType>(path: string, schema: S): z.output<S> {
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new AssemblyError(path, `is not a valid CDK file: ${z.prettifyError(parsed.error)}`);
}

/** Sorts stacks so that dependencies come first. The recursion ends because CDK rejects cycles between stacks. */
function ordered(stacks: readonly StackArtifact[]): StackArtifact[] {
  const byId = new Map(stacks.map((stack) => [stack.id, stack]));
  const done = new Set<StackArtifact>();
  const visit = (stack: StackArtifact): void => {
    if (done.has(stack)) return;
    for (const id of stack.dependencies) {
      const needed = byId.get(id);
      if (needed !== undefined) visit(needed);
    }
    done.add(stack);
  };
  for (const stack of stacks) visit(stack);
  return [...done];
}

/** Selects stacks by id or name, with their dependencies among `stacks`. */
export function select(
  stacks: readonly StackArtifact[],
  only: readonly string[] | undefined,
): readonly StackArtifact[] {
  if (only === undefined) return stacks;
  const names = stacks.map((stack) => stack.name).join(', ');
  const kept = new Set<string>();
  const keep = (stack: StackArtifact): void => {
    kept.add(stack.id);
    for (const needed of stacks) if (stack.dependencies.includes(needed.id)) keep(needed);
  };
  for (const wanted of only) {
    const stack = stacks.find(({ id, name }) => id === wanted || name === wanted);
    if (stack === undefined)
      throw new AssemblyError(wanted, `is not a stack of the assembly. Its stacks are: ${names}.`);
    keep(stack);
  }
  return stacks.filter(({ id }) => kept.has(id));
}
