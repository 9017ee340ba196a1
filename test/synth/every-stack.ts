import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { systems } from '#bin/systems.ts';
import type { FleetApp } from '#lib/fleet-app.ts';
import { resourceSchema } from '#lib/diff/read-templates.ts';
import { quickApp, removeFolder } from './synthesize.ts';

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema.extend({ UpdatePolicy: z.unknown().optional() })),
  Outputs: z.record(z.string(), z.unknown()).default({}),
});
export type StackTemplate = z.infer<typeof templateSchema> & { readonly terminationProtection: boolean };

/** The templates of all stacks of an environment, by the last part of their names. @param change what to do before synthesis */
export async function everyStack(
  environment: string,
  context: Readonly<Record<string, unknown>> = {},
  change: (app: FleetApp) => void = () => undefined,
): Promise<Readonly<Record<string, StackTemplate>>> {
  const app = quickApp(environment, context);
  await app.addSystems(systems);
  change(app);
  app.synth();
  const stacks = app.node.children.filter((child) => Stack.isStack(child));
  const templates = stacks.map((stack) => {
    const template = templateSchema.parse(Template.fromStack(stack).toJSON());
    const name = stack.stackName.slice(app.config.prefix.length + 1);
    return [name, { ...template, terminationProtection: stack.terminationProtection ?? false }] as const;
  });
  removeFolder(app.outdir);
  return Object.fromEntries(templates);
}
