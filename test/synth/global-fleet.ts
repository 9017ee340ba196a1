import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { resourceSchema } from '#lib/diff/read-templates.ts';
import { FleetStack } from '#lib/fleet-stack.ts';
import { AssistantStack } from '#systems/assistant/stack.ts';
import { quickApp, removeFolder } from './synthesize.ts';

/** The regions of config/global.json. */
export const REGIONS = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.unknown()).default({}),
});
type Found = z.infer<typeof resourceSchema>;

/**
 * The stacks of a fleet of three regions with one system, by `<system>-<region>`.
 * @param addMore adds other systems @default none
 */
export function globalFleet(
  context: Readonly<Record<string, unknown>> = {},
  addMore: (app: ReturnType<typeof quickApp>) => unknown = () => undefined,
) {
  const app = quickApp('global', context);
  app.add(AssistantStack);
  addMore(app);
  app.synth();
  const stacks = app.node.children.filter((child) => child instanceof FleetStack);
  const templates = new Map(
    stacks.map((stack) => [
      stack.node.id.slice(app.config.prefix.length + 1),
      templateSchema.parse(Template.fromStack(stack).toJSON()),
    ]),
  );
  removeFolder(app.outdir);
  const resources = (stack: string, type: string): readonly (readonly [string, Found])[] =>
    Object.entries(templates.get(stack)?.Resources ?? {}).filter(([, { Type }]) => Type === type);
  const only = (stack: string, type: string, prefix = ''): Found => {
    const found = resources(stack, type).filter(([id]) => id.startsWith(prefix));
    const [first] = found;
    if (first === undefined || found.length > 1) throw new Error(`${stack} has ${found.length} ${type} ${prefix}*.`);
    return first[1];
  };
  return { stacks, templates, resources, only };
}

/** The variables of a function. */
export const variablesOf = ({ Properties }: Found): Readonly<Record<string, unknown>> =>
  z.object({ Variables: z.record(z.string(), z.unknown()) }).parse(Properties['Environment']).Variables;

const list = z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]);
const policySchema = z.object({
  PolicyDocument: z.object({
    Statement: z.array(z.looseObject({ Action: list, Resource: list, Condition: z.unknown().optional() })),
  }),
});

/** The statements of policies whose ids begin with a prefix, with ARNs as text. */
export const statementsOf = (policies: readonly (readonly [string, Found])[], prefix: string) =>
  policies
    .filter(([id]) => id.startsWith(prefix))
    .flatMap(([, { Properties }]) => policySchema.parse(Properties).PolicyDocument.Statement)
    .map(({ Action, Resource, Condition }) => ({
      Action: Action.map(String),
      Resource: Resource.map((arn) => (typeof arn === 'string' ? arn : JSON.stringify(arn))),
      Condition,
    }));

/** Which of the named tables an action is allowed on, as `<region> <table>`. */
export function tablesOf(
  statements: ReturnType<typeof statementsOf>,
  action: string,
  isWithoutCondition = false,
): string[] {
  const arns = statements
    .filter(({ Action, Condition }) => Action.includes(action) && !(isWithoutCondition && Condition !== undefined))
    .flatMap(({ Resource }) => Resource);
  const found = arns.flatMap((arn) => {
    const [, region, table] = /:dynamodb:([\w-]+):.*:table\/([\w/-]+)/.exec(arn) ?? [];
    return region === undefined ? [] : [`${region} ${table}`];
  });
  return [...new Set(found)].toSorted();
}
