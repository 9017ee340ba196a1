import { canonical, changedAccess, isRecord, noAccess, type Access, type ChangedAccess } from './access.ts';
import { addExposure, notesOf } from './exposure.ts';
import { addPolicies } from './policies.ts';
import type { Template } from './read-templates.ts';

/** What a template allows, and what limits it. */
export function accessIn(stack: string, template: Template): Access {
  const access = noAccess();
  for (const section of SECTIONS)
    for (const line of linesOf(template[section])) access.grants.add(`${stack}: ${section} ${line}`);
  for (const [id, { Type, Properties, Condition }] of Object.entries(template.Resources)) {
    const name = `${stack}: ${id}`;
    const notes = notesOf(access, name, id);
    addPolicies(access, name, id, Properties);
    addExposure(Type, Properties, notes);
    // It may switch something on or off.
    if (Condition !== undefined) {
      notes.grant(`exists only if ${Condition}`);
      notes.guard(`depends on ${Condition}`);
    }
  }
  return access;
}

/** Parts of a template that decide what its resources are. */
const SECTIONS = ['Conditions', 'Mappings', 'Parameters', 'Transform'] as const;

function linesOf(section: unknown): string[] {
  if (section === undefined) return [];
  if (!isRecord(section)) return [canonical(section)];
  return Object.entries(section).map(([name, value]) => `${name}: ${canonical(value)}`);
}

const NOTHING: Template = { Resources: {} };

/** What a deploy of a stack allows that was not allowed before, and the other way round. */
export function changedPermissions(
  stack: string,
  before: Template = NOTHING,
  after: Template = NOTHING,
): ChangedAccess {
  return changedAccess(accessIn(stack, before), accessIn(stack, after), new Set(Object.keys(after.Resources)));
}
