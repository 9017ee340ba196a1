import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { FleetApp } from '#lib/fleet-app.ts';
import type { FleetStack } from '#lib/fleet-stack.ts';
import { AssistantStack } from '#systems/assistant/stack.ts';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
});
export type Resource = z.infer<typeof resourceSchema>;

/** A synthesized template. */
export interface Synthesized {
  /** Resources of a type, by logical id. */
  resources(type: string): Readonly<Record<string, Resource>>;
  /** The only resource of a type whose logical id begins with the prefix. Throws unless there is exactly one. */
  resource(type: string, idPrefix?: string): Resource;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** An app without bundling and without validation by CloudFormation's rules, since each takes seconds. */
export function quickApp(environment: string, context: Readonly<Record<string, unknown>> = {}): FleetApp {
  return new FleetApp({
    outdir: temporaryFolder(),
    builtinCloudFormationValidation: false,
    context: { env: environment, 'aws:cdk:bundling-stacks': [], ...context },
  });
}

/** Callers must remove the folder. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'fleet-synth-'));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

export type Context = Readonly<Record<string, unknown>>;
type SystemStack = Parameters<FleetApp['add']>[0];

const synthesized = new Map<SystemStack, Map<string, Synthesized>>();

/** Synthesizes a system's stack of an environment, with `-c` options: once in a process, however many files ask. */
export function synthesizeSystem(system: SystemStack, environment: string, context: Context = {}): Synthesized {
  const results = synthesized.get(system) ?? new Map<string, Synthesized>();
  synthesized.set(system, results);
  const key = JSON.stringify([environment, context]);
  const result = results.get(key) ?? synthesizeAlone(system, environment, context);
  results.set(key, result);
  return result;
}

function synthesizeAlone(system: SystemStack, environment: string, context: Context): Synthesized {
  const app = quickApp(environment, context);
  const [stack] = app.add(system);
  if (stack === undefined) throw new Error('The app has no stack of this system.');
  return synthesizeStack(app, stack);
}

/** Synthesizes the assistant's stack: a pool of the usual kind, with nothing beside it. */
export const synthesize = (environment: string, context: Context = {}): Synthesized =>
  synthesizeSystem(AssistantStack, environment, context);

/** Synthesizes an environment's platform stack, which all systems share. */
export function synthesizePlatform(environment: string, context: Context = {}): Synthesized {
  const app = quickApp(environment, context);
  return synthesizeStack(app, app.platform('us-east-1'));
}

export function synthesizeStack(app: FleetApp, stack: FleetStack): Synthesized {
  const template = Template.fromStack(stack);
  removeFolder(app.outdir);
  const resources = (type: string) => z.record(z.string(), resourceSchema).parse(template.findResources(type));
  return {
    resources,
    resource(type, idPrefix = '') {
      const found = Object.entries(resources(type)).filter(([id]) => id.startsWith(idPrefix));
      const [only] = found;
      if (only === undefined || found.length > 1)
        throw new Error(`Found ${found.length} resources ${type} ${idPrefix}*, expected one.`);
      return only[1];
    },
    outputs: template.findOutputs('*'),
  };
}

/** The logical id that `Ref` or `Fn::GetAtt` in a template refers to; undefined for anything else. @public tests of systems use it */
export function referred(value: unknown): string | undefined {
  const { Ref: ref, 'Fn::GetAtt': attribute } = reference.parse(value);
  return ref ?? attribute?.[0];
}

const reference = z.object({ Ref: z.string().optional(), 'Fn::GetAtt': z.array(z.string()).optional() }).catch({});
