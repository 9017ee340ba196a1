import { AssemblyError } from './errors.ts';
import type { TemplateResource } from './template.ts';

/**
 * Returns logical ids in provisioning order. Each comes after the resources that it refers to by `Ref`, `Fn::GetAtt`,
 * `Fn::Sub` or `DependsOn`, otherwise in template order. Throws an `AssemblyError` for a circular dependency.
 */
export function provisioningOrder(stack: string, resources: Readonly<Record<string, TemplateResource>>): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string): void => {
    const resource = resources[id];
    if (resource === undefined || done.has(id)) return;
    if (path.includes(id)) {
      throw new AssemblyError(`${stack}/${id}`, `circular dependency between resources: ${[...path, id].join(' → ')}.`);
    }
    path.push(id);
    for (const needed of [...resource.DependsOn, ...references(resource.Properties)]) visit(needed);
    path.pop();
    done.add(id);
  };
  for (const id of Object.keys(resources)) visit(id);
  return [...done];
}

/** The names that a value refers to, including those of parameters. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, argument]): string[] => {
    if (key === 'Ref' && typeof argument === 'string') return [argument];
    if (key === 'Fn::GetAtt') {
      const resource: unknown = Array.isArray(argument) ? argument[0] : String(argument).split('.')[0];
      return typeof resource === 'string' ? [resource] : [];
    }
    if (key === 'Fn::Sub') {
      const pattern: unknown = Array.isArray(argument) ? argument[0] : argument;
      const names = [...String(pattern).matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name]) => name?.split('.')[0] ?? '');
      return [...names, ...references(argument)];
    }
    return references(argument);
  });
}
