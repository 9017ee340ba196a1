import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { FleetApp } from '#lib/fleet-app.ts';
import type { FleetStack } from '#lib/fleet-stack.ts';
import { DocumentsStack } from '#systems/documents/stack.ts';

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

type Context = Readonly<Record<string, unknown>>;

const synthesized = new Map<string, Synthesized>();

/** Synthesizes the documents stack of an environment, with `-c` options: once in a process, however many files ask. */
export function synthesize(environment: string, context: Context = {}): Synthesized {
  const key = JSON.stringify([environment, context]);
  const result = synthesized.get(key) ?? synthesizeDocuments(environment, context);
  synthesized.set(key, result);
  return result;
}

function synthesizeDocuments(environment: string, context: Context): Synthesized {
  const app = quickApp(environment, context);
  const [stack] = app.add(DocumentsStack);
  if (stack === undefined) throw new Error('The app has no documents stack.');
  return synthesizeStack(app, stack);
}

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

/** The logical id that `Ref` or `Fn::GetAtt` in a template refers to; undefined for anything else. */
export function referred(value: unknown): string | undefined {
  const { Ref: ref, 'Fn::GetAtt': attribute } = reference.parse(value);
  return ref ?? attribute?.[0];
}

const reference = z.object({ Ref: z.string().optional(), 'Fn::GetAtt': z.array(z.string()).optional() }).catch({});
