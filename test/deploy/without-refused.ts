import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.looseObject({}).optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
});
type Resource = z.output<typeof resourceSchema>;
const templateSchema = z.looseObject({ Resources: z.record(z.string(), resourceSchema) });

const TYPES = new Set(['AWS::CloudWatch::CompositeAlarm', 'AWS::Logs::QueryDefinition']);

/** What MiniStack refuses to create: composite alarms, alarms on an expression of metrics, and saved queries. */
const isRefused = ({ Type, Properties = {} }: Resource): boolean =>
  TYPES.has(Type) || (Type === 'AWS::CloudWatch::Alarm' && 'Metrics' in Properties);

/** In words. */
export const REFUSED = 'composite alarms, alarms on an expression, saved queries';

/** Takes what MiniStack refuses out of an assembly's templates. Returns how many resources. */
export function leaveOutRefused(assembly: string): number {
  let count = 0;
  for (const name of globSync('*.template.json', { cwd: assembly })) {
    const file = join(assembly, name);
    const template = templateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const refused = new Set(Object.entries(template.Resources).flatMap(([id, each]) => (isRefused(each) ? [id] : [])));
    if (refused.size === 0) continue;
    count += refused.size;
    const Resources = Object.fromEntries(
      Object.entries(template.Resources).flatMap(([id, each]) =>
        refused.has(id) ? [] : [[id, withoutDependence(each, refused)]],
      ),
    );
    writeFileSync(file, JSON.stringify(withoutReferences({ ...template, Resources }, refused)));
  }
  return count;
}

function withoutDependence(resource: Resource, refused: ReadonlySet<string>): Resource {
  const { DependsOn = [], ...rest } = resource;
  const left = [DependsOn].flat().filter((id) => !refused.has(id));
  return left.length === 0 ? rest : { ...rest, DependsOn: left };
}

/** With a word in the place of each reference, such as a dashboard's to an alarm. */
function withoutReferences(value: unknown, refused: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutReferences(each, refused));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute } = value as { readonly Ref?: unknown; readonly 'Fn::GetAtt'?: unknown };
  const id = Ref ?? (Array.isArray(attribute) ? (attribute as unknown[])[0] : undefined);
  if (typeof id === 'string' && refused.has(id)) return 'left-out';
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutReferences(each, refused)]));
}
