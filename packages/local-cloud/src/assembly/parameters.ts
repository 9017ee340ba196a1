import { AssemblyError } from './errors.ts';
import type { StackArtifact } from './manifest.ts';
import type { TemplateParameter } from './template.ts';

/** A parameter's value: a list for `CommaDelimitedList` and `List<…>`, text for all else, as in CloudFormation. */
export type ParameterValue = string | readonly string[];

/**
 * The values of a stack's parameters: given by the caller, else by CDK, else the default. Throws `AssemblyError` for
 * one without a value and for one that breaks its own constraints. A name that the stack does not declare is the
 * caller's business, since one set of values serves all stacks.
 */
export function parameterValues(
  stack: StackArtifact,
  given: Readonly<Record<string, string>>,
): ReadonlyMap<string, ParameterValue> {
  const values = new Map<string, ParameterValue>();
  for (const [name, parameter] of Object.entries(stack.template.Parameters)) {
    const where = `${stack.name}/${name}`;
    const text = given[name] ?? stack.parameters[name] ?? parameter.Default;
    if (text === undefined) {
      throw new AssemblyError(where, `the parameter has no default: give it a value in \`parameters.${name}\`.`);
    }
    const list = parameter.Type === 'CommaDelimitedList' || parameter.Type.startsWith('List<');
    const value = list ? text.split(',').map((item) => item.trim()) : text;
    for (const item of typeof value === 'string' ? [value] : value) check(where, parameter, item);
    values.set(name, value);
  }
  return values;
}

function check(where: string, parameter: TemplateParameter, value: string): void {
  const refuse = (reason: string): never => {
    const hint = parameter.ConstraintDescription === undefined ? '' : ` (${parameter.ConstraintDescription})`;
    throw new AssemblyError(where, `the value "${value}" ${reason}${hint}.`);
  };
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = parameter;
  if (AllowedValues !== undefined && !AllowedValues.includes(value)) {
    refuse(`is none of ${AllowedValues.join(', ')}`);
  }
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(value)) {
    refuse(`does not match ${AllowedPattern}`);
  }
  if (MinLength !== undefined && value.length < MinLength) refuse(`is shorter than ${MinLength}`);
  if (MaxLength !== undefined && value.length > MaxLength) refuse(`is longer than ${MaxLength}`);
  if (parameter.Type !== 'Number' && parameter.Type !== 'List<Number>') return;
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number)) refuse('is no number');
  if (MinValue !== undefined && number < MinValue) refuse(`is less than ${MinValue}`);
  if (MaxValue !== undefined && number > MaxValue) refuse(`is more than ${MaxValue}`);
}
