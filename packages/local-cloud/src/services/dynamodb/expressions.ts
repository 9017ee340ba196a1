import type { Parser, ParserContext } from 'dynalite/db/conditionParser.js';

type Values = Readonly<Record<string, unknown>>;

/** Expressions are constants of programs, so there are few. */
const MAX_KEPT = 1_000;

/** Whether an expression is valid depends on its values here, and not only on their types. */
const DEPENDS_ON_VALUES = /between|attribute_type/i;

/** A parsed expression, with references instead of its values. */
interface Kept {
  readonly tree: unknown;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

class Reference {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Makes a parser of dynalite keep what it parsed: the same expression with the same attribute names and the same types of
 * values is not parsed again. dynalite parses each request's expressions, which took a fifth of its time.
 */
export function keepParsed(parser: Parser): void {
  const parse = parser.parse.bind(parser);
  const kept = new Map<string, Kept>();
  parser.parse = (expression, { context }) => {
    if (DEPENDS_ON_VALUES.test(expression)) return parse(expression, { context });
    const key = JSON.stringify([expression, context.attrNames, typesOf(context.attrVals)]);
    let found = kept.get(key);
    if (found === undefined) {
      // Parsing the first one again gives its own errors, which are not kept.
      found = parseOnce(parse, expression, context);
      if (found === undefined) return parse(expression, { context });
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(key, found);
    }
    for (const name of found.names) delete context.unusedAttrNames[name];
    for (const name of found.values) delete context.unusedAttrVals[name];
    return filled(found.tree, context.attrVals ?? {});
  };
}

const typesOf = (values: Values = {}): unknown =>
  Object.entries(values).map(([name, value]) => [name, Object.keys(value as object)]);

/** Parses with all names and values unused, since other expressions of the request may have used some. */
function parseOnce(parse: Parser['parse'], expression: string, context: ParserContext): Kept | undefined {
  const { attrNames = {}, attrVals = {} } = context;
  const unusedAttrNames = unused(attrNames);
  const unusedAttrVals = unused(attrVals);
  const references = new Map(Object.entries(attrVals).map(([name, value]) => [value, new Reference(name)]));
  try {
    const parsed = parse(expression, { context: { ...context, unusedAttrNames, unusedAttrVals } });
    if (typeof parsed !== 'object') return undefined;
    return {
      tree: copied(parsed, (part) => references.get(part)),
      names: Object.keys(attrNames).filter((name) => !(name in unusedAttrNames)),
      values: Object.keys(attrVals).filter((name) => !(name in unusedAttrVals)),
    };
  } catch {
    return undefined;
  }
}

const unused = (given: Values): Record<string, boolean> =>
  Object.fromEntries(Object.keys(given).map((name) => [name, true]));

const filled = (tree: unknown, values: Values): unknown =>
  copied(tree, (part) => (part instanceof Reference ? values[part.name] : undefined));

/** Copies a tree, since dynalite changes some. `replace` returns what a part becomes, or undefined. */
function copied(part: unknown, replace: (part: unknown) => unknown): unknown {
  if (typeof part !== 'object' || part === null) return part;
  const replaced = replace(part);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(part)) return part.map((each) => copied(each, replace));
  const copy = Object.create(Object.getPrototypeOf(part) as object | null) as Record<string, unknown>;
  for (const name of Object.keys(part)) copy[name] = copied((part as Record<string, unknown>)[name], replace);
  return copy;
}
