/** Names that a secret is assigned to. */
export const SECRET_NAMES =
  'password|passwd|pwd|passphrase|secret|api[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token|client[_-]?secret|private[_-]?key|signing[_-]?key|encryption[_-]?key|token|(?<=[_.])pass(?![A-Za-z])';

/** How values without quotes are written, by the names of files. */
const SYNTAXES = [
  { syntax: 'env', path: /(?:^|\/)(?:\.env[^/]*|[^/]+\.env)$/i },
  { syntax: 'ini', path: /\.(?:ini|cfg|conf)$|(?:^|\/)\.(?:npmrc|pypirc|pgpass|my\.cnf)$/i },
  // Translations are properties too, so a value with spaces is a sentence.
  { syntax: 'properties', path: /\.properties$/i },
  { syntax: 'yaml', path: /\.ya?ml$/i },
  { syntax: 'dockerfile', path: /(?:^|\/)(?:Dockerfile|Containerfile)[^/]*$|\.dockerfile$/i },
] as const;
type Syntax = (typeof SYNTAXES)[number]['syntax'];

/** Whether a file shows which settings there are, with values that are made up. */
export const isSample = (path: string): boolean => /[.-](?:example|sample|template|dist)(?:\.\w+)?$/i.test(path);

const NAME = String.raw`(?:existing)?(?:${SECRET_NAMES})(?<suffix>\w{0,200})["']?[ \t]{0,20}`;
const VALUE = String.raw`(?<secret>[^\s"'\`]\S{7,999})`;
/** A value up to the end of the line, without a comment. An anchor or a tag of YAML may stand before it. */
const TO_THE_END = (more: string, notFirst = ''): RegExp =>
  new RegExp(
    String.raw`${NAME}(?:=|:(?=[ \t]))[ \t]{0,20}(?:[&!]\S{0,100}[ \t]{1,20})?(?<secret>[^\s"'\`${notFirst}]${more}{6,998}\S)[ \t]{0,200}(?:[ \t][#;].*)?\r?$`,
    'gi',
  );
const WORD = new RegExp(String.raw`${NAME}=${VALUE}(?=\s|$)`, 'gi');
const LINE = TO_THE_END(String.raw`\S`);
// An alias, or a text that follows in the next lines.
const LINE_OF_YAML = TO_THE_END(String.raw`\S`, '*|>');
const LINE_WITH_SPACES = TO_THE_END(String.raw`(?:(?![ \t][#;])[^\r\n])`);
/** The same in quotes, where it may have spaces. */
const QUOTED = new RegExp(
  String.raw`${NAME}(?:=|:(?=[ \t]))[ \t]{0,20}(?<quote>["'])(?<secret>[^"'\s][^"']{6,998}[^"'\s])\k<quote>`,
  'gi',
);
const ENV_INSTRUCTION = new RegExp(String.raw`^\s*ENV\s{1,20}\w{0,200}?${NAME}[ \t]${VALUE}\s*$`, 'gi');

const PATTERNS: Readonly<Record<Syntax, readonly RegExp[]>> = {
  env: [LINE_WITH_SPACES, QUOTED],
  ini: [LINE_WITH_SPACES, QUOTED],
  properties: [LINE],
  yaml: [LINE_OF_YAML, WORD],
  dockerfile: [WORD, ENV_INSTRUCTION],
};

/** The patterns that find a value without quotes that is assigned to the name of a secret. Their groups: `suffix`, `secret`. */
export function unquotedPatterns(path: string): readonly RegExp[] {
  const syntax = syntaxOf(path);
  return syntax === undefined ? [] : PATTERNS[syntax];
}

const syntaxOf = (path: string): Syntax | undefined => SYNTAXES.find((each) => each.path.test(path))?.syntax;

/** Whether a file holds the settings of a program. YAML may be anything: a schema, a form, a workflow. */
export function holdsSettings(path: string): boolean {
  const syntax = syntaxOf(path);
  return syntax !== undefined && syntax !== 'yaml';
}

/** Names of something about a secret, such as `secretName` or `TOKEN_TTL`. */
const ABOUT =
  /(?:name|ref|path|file|dir|ur[li]|endpoint|ttl|expir\w*|lifetime|type|policy|length|arn|version|mount|store|provider|header|field|label|hint|placeholder|format|algorithm|issuer|class|id|role|age|audience|scope|count|limit|max|min|interval|timeout|encryption|secret)s?$/i;

/** Whether a name ends as that of a secret does: `token`, `TOKEN_PROD` and `tokenValue`, but not `tokenizer`. */
export function namesSecret(match: string, suffix: string): boolean {
  if (/^existing/i.test(match) || ABOUT.test(suffix)) return false;
  const isUpper = match.slice(0, 3) === match.slice(0, 3).toUpperCase();
  return /^(?:s?$|[\d_])/i.test(suffix) || (!isUpper && /^[A-Z]/.test(suffix));
}
