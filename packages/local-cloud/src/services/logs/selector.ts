const STEP = /\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/y;

/**
 * Parses a selector of a field, such as `$.task.id` or `$.items[0].name`. The returned function reads the field of a
 * record, or undefined where there is none. Null for a selector that is not valid.
 */
export function valueAt(selector: string): ((record: unknown) => unknown) | null {
  if (!selector.startsWith('$')) return null;
  const steps: string[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < selector.length) {
    const [found, name, index, quoted] = STEP.exec(selector) ?? [];
    if (found === undefined) return null;
    steps.push(name ?? index ?? quoted ?? '');
  }
  if (steps.length === 0) return null;
  return (record) =>
    steps.reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, step)
          ? Reflect.get(value, step)
          : undefined,
      record,
    );
}
