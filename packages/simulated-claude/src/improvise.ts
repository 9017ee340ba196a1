/** A JSON schema. Only a few keywords are read. */
type Schema = Readonly<Record<string, unknown>>;

/** The input that values are made from. */
export interface Words {
  /** Values by name, used for schema fields of the same name and type. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** Whether a string field gets the whole text, or the next name or quotation in it. */
  readonly whole: boolean;
}

/** Returns a value that matches the schema. Takes numbers, enum values and names from the text, in their order. */
export function fill(schema: Schema, words: Words): unknown {
  return valueOf(schema, words, reader(words));
}

/** Returns each number, enum value or name of the text once. */
interface Reader {
  number(): number;
  option(options: readonly unknown[]): unknown;
  name(): string;
}

/** Capitalized words that are not names. */
const NO_NAME = /^(?:What|Who|Where|When|Which|How|Why|Is|Are|Do|Does|Can|Please|Tell|Give|The|An?|I|In|On|At|For)$/;

function reader({ text, whole }: Words): Reader {
  const numbers = text.match(/-?\d+(?:\.\d+)?/g) ?? [];
  const quotations = [...text.matchAll(/["“]([^"”]+)["”]/g)].map(([, inner = '']) => inner);
  const capitalised = (text.match(/\p{Lu}[\p{L}\d'-]*(?: \p{Lu}[\p{L}\d'-]*)*/gu) ?? [])
    .map((found) =>
      found
        .split(' ')
        .filter((word) => !NO_NAME.test(word))
        .join(' '),
    )
    .filter((name) => name !== '');
  const names = whole ? [] : [...quotations, ...capitalised];
  let from = 0;
  return {
    number: () => Number(numbers.shift() ?? 0),
    name: () => names.shift() ?? text,
    option(options) {
      const found = options
        .map((option) => ({ option, at: text.toLowerCase().indexOf(String(option).toLowerCase(), from) }))
        .filter(({ at }) => at >= 0)
        .toSorted((a, b) => a.at - b.at)[0];
      if (found) from = found.at + String(found.option).length;
      return found ? found.option : options[0];
    },
  };
}

function valueOf(schema: Schema, words: Words, read: Reader): unknown {
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return read.option(schema['enum']);
  const variants = [schema['anyOf'], schema['oneOf'], schema['allOf']].find(Array.isArray) as Schema[] | undefined;
  if (variants) return valueOf(variants.find(({ type }) => type !== 'null') ?? {}, words, read);
  switch (typesOf(schema)[0]) {
    case 'object':
      return objectOf(schema, words, read);
    case 'array':
      return [valueOf((schema['items'] ?? {}) as Schema, words, read)];
    case 'string':
      return read.name();
    case 'integer':
      return Math.trunc(read.number());
    case 'number':
      return read.number();
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function objectOf({ properties = {} }: Schema, words: Words, read: Reader): Record<string, unknown> {
  const fields = Object.entries(properties as Readonly<Record<string, Schema>>).map(([name, field]) => {
    const given = words.given[name];
    const fits = given !== undefined && (field['type'] === undefined || typesOf(field).includes(typeOf(given)));
    return [name, fits ? given : valueOf(field, words, read)] as const;
  });
  return Object.fromEntries(fields);
}

/** The types of a schema, without null unless it is the only one. */
function typesOf({ type }: Schema): readonly unknown[] {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.length > 1 ? types.filter((each) => each !== 'null') : types;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
