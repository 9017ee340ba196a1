import { changedPermissions } from '#lib/diff/access-of-template.ts';
import type { Template } from '#lib/diff/read-templates.ts';

export type Properties = Record<string, unknown>;

export const only = (Type: string, Properties: Properties = {}): Template => ({
  Resources: { Thing: { Type, Properties } },
});
export const none: Template = { Resources: {} };
export const policy = (...Statement: object[]) => only('AWS::IAM::Policy', { PolicyDocument: { Statement } });
export const allow = (Action: unknown, Resource: unknown = 'arn:a') => ({ Effect: 'Allow', Action, Resource });
export const counts = (before: Template, after: Template): [number, number] => {
  const { widened, narrowed } = changedPermissions('s', before, after);
  return [widened.length, narrowed.length];
};
