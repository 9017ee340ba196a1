import { AssemblyError } from './errors.ts';

/** The values that intrinsic functions look up. Each lookup throws an `AssemblyError` for an unknown name. */
export interface Scope {
  /** For error messages: `Stack/LogicalId`. */
  readonly where: string;
  readonly region: string;
  /** The value of a parameter, pseudo parameter or resource. */
  ref(name: string): unknown;
  attribute(resource: string, attribute: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): unknown;
  imported(exportName: string): unknown;
  /** An output of an earlier stack. */
  outputOf(stack: string, output: string): unknown;
}

/** The value of `Ref: AWS::NoValue`, which removes the property or list element that contains it. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

/** Resolves every intrinsic function in `value`, at any depth. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  if (typeof value === 'string' && value.includes('{{resolve:')) {
    throw new AssemblyError(
      scope.where,
      'dynamic references ({{resolve:…}}) are not supported. Read the value at run time.',
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (only !== undefined && entries.length === 1) {
    const [name, argument] = only;
    const intrinsic = INTRINSICS[name];
    if (intrinsic !== undefined) return intrinsic(argument, scope);
    if (name.startsWith('Fn::')) {
      throw new AssemblyError(scope.where, `${name} is not supported. Use another intrinsic function.`);
    }
  }
  const resolved = entries.map(([key, item]) => [key, resolve(item, scope)] as const);
  return Object.fromEntries(resolved.filter(([, item]) => item !== NO_VALUE));
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => scope.ref(text(argument, scope)),
  Condition: (argument, scope) => scope.condition(text(argument, scope)),
  'Fn::GetAtt': (argument, scope) => {
    const [resource = '', ...rest] =
      typeof argument === 'string' ? argument.split('.') : list(argument, scope).map((part) => text(part, scope));
    return scope.attribute(resource, rest.join('.'));
  },
  'Fn::Sub': sub,
  'Fn::Join': (argument, scope) => {
    const [delimiter, parts] = list(argument, scope);
    return list(resolve(parts, scope), scope)
      .map((part) => text(part, scope))
      .join(text(delimiter, scope));
  },
  'Fn::Select': (argument, scope) => {
    const [index, items] = list(argument, scope);
    const position = Number(resolve(index, scope));
    const resolved = list(resolve(items, scope), scope);
    if (!(position in resolved)) {
      throw new AssemblyError(scope.where, `Fn::Select reads element ${position} of a list of ${resolved.length}.`);
    }
    return resolved[position];
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, source] = list(argument, scope);
    return text(resolve(source, scope), scope).split(text(delimiter, scope));
  },
  'Fn::If': (argument, scope) => {
    const [name, then, otherwise] = list(argument, scope);
    return resolve(scope.condition(text(name, scope)) ? then : otherwise, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(argument, scope).map((side) => resolve(side, scope));
    return String(left) === String(right);
  },
  'Fn::And': (argument, scope) => list(argument, scope).every((part) => resolve(part, scope) === true),
  'Fn::Or': (argument, scope) => list(argument, scope).some((part) => resolve(part, scope) === true),
  'Fn::Not': (argument, scope) => resolve(list(argument, scope)[0], scope) !== true,
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = list(argument, scope).map((part) => text(resolve(part, scope), scope));
    return scope.mapping(map ?? '', first ?? '', second ?? '');
  },
  'Fn::Base64': (argument, scope) => Buffer.from(text(resolve(argument, scope), scope)).toString('base64'),
  'Fn::ImportValue': (argument, scope) => scope.imported(text(resolve(argument, scope), scope)),
  'Fn::GetStackOutput': (argument, scope) => {
    const { StackName, OutputName } = fields(argument, scope);
    return scope.outputOf(text(resolve(StackName, scope), scope), text(resolve(OutputName, scope), scope));
  },
  'Fn::GetAZs': (_argument, scope) => ['a', 'b', 'c'].map((zone) => `${scope.region}${zone}`),
  'Fn::Transform': (_argument, scope) => {
    throw new AssemblyError(
      scope.where,
      'Fn::Transform runs a CloudFormation macro, which is not supported. Write its result into the template.',
    );
  },
};

/** Resolves `${Name}`, `${Resource.Attribute}` and the variables of the two-argument form. `${!Literal}` becomes `${Literal}`. */
function sub(argument: unknown, scope: Scope): string {
  const [pattern, variables] = typeof argument === 'string' ? [argument, {}] : list(argument, scope);
  const given = new Map(Object.entries(variables ?? {}));
  return text(pattern, scope).replaceAll(/\$\{([^}]+)\}/g, (_match, expression: string) => {
    const name = expression.trim();
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (given.has(name)) return text(resolve(given.get(name), scope), scope);
    const dot = name.indexOf('.');
    return text(dot < 0 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1)), scope);
  });
}

function text(value: unknown, scope: Scope): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new AssemblyError(scope.where, `an intrinsic function expects a string, but got ${JSON.stringify(value)}.`);
}

function fields(value: unknown, scope: Scope): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new AssemblyError(scope.where, `an intrinsic function expects an object, but got ${JSON.stringify(value)}.`);
}

function list(value: unknown, scope: Scope): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new AssemblyError(scope.where, `an intrinsic function expects a list, but got ${JSON.stringify(value)}.`);
}
