import { AssemblyError } from './errors.ts';
import type { StackArtifact } from './manifest.ts';
import type { TemplateParameter } from './template.ts';

/** The value of a parameter: a list for `CommaDelimitedList` and `List<…>`, otherwise a string, as in CloudFormation. */
export type ParameterValue = string | readonly string[];

/**
 * Returns the parameter values of a stack: the caller's, else CDK's, else the default. Throws an `AssemblyError` when a
 * parameter has no value or violates its constraints. A given name that the stack does not declare is ignored, because
 * one set of values serves all stacks.
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
      throw new AssemblyError(where, `the parameter has no default. Set \`parameters.${name}\`.`);
    }
    const list = parameter.Type === 'CommaDelimitedList' || parameter.Type.startsWith('List<');
    const value = list ? text.split(',').map((item) => item.trim()) : text;
    for (const item of typeof value === 'string' ? [value] : value) check(where, parameter, item);
    values.set(name, value);
  }
  return values;
}

function check(where: string, parameter: TemplateParameter, value: string): void {
  const fail = (reason: string): never => {
    const hint = parameter.ConstraintDescription === undefined ? '' : ` (${parameter.ConstraintDescription})`;
    throw new AssemblyError(where, `the value "${value}" ${reason}${hint}.`);
  };
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = parameter;
  if (AllowedValues !== undefined && !AllowedValues.includes(value)) {
    fail(`is not one of ${AllowedValues.join(', ')}`);
  }
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(value)) {
    fail(`does not match ${AllowedPattern}`);
  }
  if (MinLength !== undefined && value.length < MinLength) fail(`is shorter than ${MinLength}`);
  if (MaxLength !== undefined && value.length > MaxLength) fail(`is longer than ${MaxLength}`);
  if (parameter.Type !== 'Number' && parameter.Type !== 'List<Number>') return;
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number)) fail('is not a number');
  if (MinValue !== undefined && number < MinValue) fail(`is less than ${MinValue}`);
  if (MaxValue !== undefined && number > MaxValue) fail(`is greater than ${MaxValue}`);
}
