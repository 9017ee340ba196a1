import { z } from 'zod';

/** The paths of all objects below a schema that drop or reject fields which they do not know. */
export function closedIn(schema: z.ZodType, path = 'record', seen = new Set<z.ZodType>()): readonly string[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { def } = schema;
  const below = (inner: z.ZodType, name: string): readonly string[] => closedIn(inner, `${path}.${name}`, seen);
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, z.ZodType>;
    const open = schema.def.catchall instanceof z.ZodUnknown;
    return [...(open ? [] : [path]), ...Object.entries(shape).flatMap(([name, inner]) => below(inner, name))];
  }
  return innerOf(def).flatMap((inner, index) => below(inner, String(index)));
}

/** The schemas within one that is no object: of an array's elements, a union's options, what is optional. */
function innerOf(def: z.ZodType['def']): readonly z.ZodType[] {
  const parts = def as { [name in 'element' | 'innerType' | 'valueType' | 'in' | 'out']?: z.ZodType } & {
    options?: readonly z.ZodType[];
  };
  const { element, innerType, valueType, in: from, out, options = [] } = parts;
  return [element, innerType, valueType, from, out, ...options].filter((inner) => inner !== undefined);
}
