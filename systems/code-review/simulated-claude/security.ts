import { MASK, SECRET_KINDS } from '../change/secrets.ts';
import { injectionDetectors } from './injection.ts';
import { addedRows, codeOf, type Detector, type Found } from './detector.ts';
import { pathTraversal } from './paths.ts';
import { removedCheck } from './removed-checks.ts';

/** Constructs that are dangerous wherever they stand in product code. */
const DANGEROUS: readonly (Omit<Found, 'row'> & { readonly pattern: RegExp; readonly unless?: RegExp })[] = [
  {
    pattern:
      /\bpickle\.loads?\(|\bmarshal\.loads?\(|\byaml\.load\(|\bunserialize\(\s*\$|\bBinaryFormatter\b|\bMarshal\.load\b|\.readObject\(\)|\bYAML\.load\(/,
    unless: /SafeLoader|safe_load|allowed_classes/,
    rule: 'unsafe-deserialisation',
    severity: 'high',
    confidence: 0.8,
    message:
      'This deserialises objects of any type. Whoever controls the data can run code. Use a format with data only, or a safe loader.',
  },
  {
    pattern:
      /\brejectUnauthorized\s*:\s*false|\bverify\s*=\s*False\b|InsecureSkipVerify\s*:\s*true|NODE_TLS_REJECT_UNAUTHORIZED\W+0|SSL_VERIFYPEER\s*,\s*(?:false|0)|VERIFY_NONE|danger_accept_invalid_certs\(true\)|ServerCertificate\w*Callback\s*\+?=.*true/,
    rule: 'weak-cryptography',
    severity: 'high',
    confidence: 0.85,
    message:
      'This turns the check of TLS certificates off, so that anybody on the network can read and change the traffic.',
  },
  {
    pattern:
      /\.innerHTML\s*\+?=(?!=)\s*(?!\s*(?:''|""|``|'[^']*'|"[^"]*")\s*;?\s*$)|\bdocument\.write\(\s*(?!['"][^'"]*['"]\s*\))|dangerouslySetInnerHTML|\bHtml\.Raw\(|\.html_safe\b|\bmark_safe\(\s*f?["'].*[{%+]|\becho\s+.*\$_(?:GET|POST|REQUEST|COOKIE)\b|\btemplate\.HTML\(\s*\w/,
    unless: /sanitiz|escape|DOMPurify|htmlspecialchars|encode/i,
    rule: 'cross-site-scripting',
    severity: 'high',
    confidence: 0.75,
    message:
      'The text becomes markup without escaping. Whoever controls it can run a script in the page of another user.',
  },
];

const dangerous: Detector = function* (view) {
  if (view.isAside) return;
  for (const row of addedRows(view))
    for (const { pattern, unless, ...found } of DANGEROUS)
      if (pattern.test(withoutExpressions(row.text)) && unless?.test(row.text) !== true) yield { row, ...found };
};

/** A program that looks for dangerous code has its names in regular expressions. */
const withoutExpressions = (text: string): string =>
  text.replaceAll(/(^|[=(,:[]\s*|^\s+)\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\]|\\.)*\])+\/[dgimsuvy]*/g, '$1//');

const SECRET_NAME = /token|secret|password|passwd|session|salt|nonce|api_?key|otp\b|csrf|reset_?code/i;
const WEAK_RANDOM =
  /\bMath\.random\(|\brandom\.(?:random|randint|choice|choices|randrange)\(|\bmt_rand\(|\brand\(\)|\bnew Random\(|\brand\.(?:Int|Intn|Int63)\(|\bRandom\.(?:nextInt|rand)\b/;
const WEAK_HASH =
  /\b(?:md5|sha1)\b\s*\(|createHash\(\s*['"](?:md5|sha1)['"]|hashlib\.(?:md5|sha1)\(|MessageDigest\.getInstance\(\s*"(?:MD5|SHA-?1)"|Digest::(?:MD5|SHA1)|\b(?:MD5|SHA1)\.(?:Create|HashData)\(|\bmd5\.(?:Sum|New)\(|\bsha1\.(?:Sum|New)\(/i;

/** Random numbers and hashes that an attacker can predict or reverse, where a secret depends on them. */
const weakCryptography: Detector = function* (view) {
  if (view.isAside) return;
  const around = [...view.context.slice(0, 1), ...view.now.map(({ text }) => text)];
  for (const row of addedRows(view)) {
    const at = around.indexOf(row.text);
    const near = around.slice(Math.max(0, at - 2), at + 2).join('\n') + (around[0] ?? '');
    if (!SECRET_NAME.test(near)) continue;
    const [what, instead] = WEAK_RANDOM.test(row.text)
      ? ['random number', 'a cryptographic generator']
      : WEAK_HASH.test(row.text) && /passw|passwd|token|secret/i.test(near)
        ? ['hash', 'a slow password hash such as Argon2 or bcrypt']
        : [];
    if (what !== undefined)
      yield {
        row,
        rule: 'weak-cryptography',
        severity: 'high',
        confidence: 0.75,
        message: `A secret depends on this ${what}, which an attacker can predict or reverse. Use ${instead}.`,
      };
  }
};

const LITERAL_SECRET =
  /\b\w*(?:password|passwd|passphrase|secret|api_?key|access_?key|auth_?token)\w*["']?\s*(?:=>|:=|[:=])\s*["'](?<value>[^"'\s]{5,})["']/i;

/** What a test may hold: it is most often made up for it. */
const MADE_UP = new Set(['secret', 'password-in-url']);

/** A masked secret, or a short literal that the mask let pass. */
const hardCodedSecret: Detector = function* (view) {
  for (const row of addedRows(view)) {
    const masked = SECRET_KINDS.find((kind) => row.text.includes(MASK(kind)));
    const literal = LITERAL_SECRET.exec(row.text)?.groups?.['value'];
    const isLiteral =
      literal !== undefined &&
      /\d/.test(literal) &&
      /[a-z]/i.test(literal) &&
      !/[${}<>%]|example|^(?:test|dummy|your)/i.test(literal);
    if (masked === undefined && !isLiteral) continue;
    if (view.isAside && (masked === undefined || MADE_UP.has(masked))) continue;
    yield {
      row,
      rule: 'hard-coded-secret',
      severity: 'high',
      confidence: 0.85,
      message:
        'The line holds a secret. Everybody who can read the repository can use it. Revoke it, and read it from a secret store.',
    };
  }
};

/** One character of a regular expression: a class, an escape or a letter. */
const ATOM = String.raw`(?:\\[a-zA-Z]|\[(?:[^\]\\]|\\.)*\]|[.\w])`;
/**
 * A repetition of something that itself repeats, with nothing certain between two rounds: the time to reject a text
 * grows exponentially with its length.
 */
const NESTED_REPEAT = new RegExp(String.raw`\((?:\?:)?(?:${ATOM}[*?])*${ATOM}[+*]\)(?:[+*]|\{\d+,\})`);
const REGEX_CODE =
  /\/(?![/*]).+\/[dgimsuvy]*|\bnew RegExp\(|\bre\.\w+\(|Pattern\.compile\(|\bRegex(?:\.new)?\(|MustCompile\(|preg_\w+\(/;

const slowRegularExpression: Detector = function* (view) {
  // RE2 and Rust's engine take linear time.
  if (view.isAside || view.language.name === 'go' || view.language.name === 'rust') return;
  for (const row of addedRows(view))
    if (REGEX_CODE.test(row.text) && NESTED_REPEAT.test(row.text))
      yield {
        row,
        rule: 'slow-regular-expression',
        severity: 'high',
        confidence: 0.7,
        message:
          'A group that repeats is repeated itself. A long text that almost matches takes exponential time, and stops the program.',
      };
};

/** Text that only an attempt to steer has, wherever it stands. */
const STEERING =
  /\bignore\s+(?:all\s+|any\s+)?(?:of\s+)?(?:the\s+)?(?:previous|prior|above|earlier|your)\s+(?:instructions|rules|prompts?)|\b(?:approve|lgtm)\s+this\s+(?:pr|pull request|change|review)\b|\b(?:reviewer|assistant|ai|model|llm|bot)s?\b[^.]{0,40}\b(?:must|should|please)\b[^.]{0,40}\b(?:(?<!\b(?:not|never)\b[^.]{0,20})(?:approve|ignore|skip)|not (?:report|mention|flag))|\bdo not (?:report|flag|mention) (?:this|any|the)\b/i;

/** Text that prompts have too. */
const PROMPT_LIKE = /\bas an? (?:ai|language model)\b|<\/?(?:system|instructions?)>/i;

/** Files and folders of prompts, by whole words of their path: `agents/a.ts`, not `preview.ts`. */
const PROMPTS = /(?:^|[/._-])(?:prompts?|agents?)(?![^/._-])/i;

/** Text that addresses the reviewer. It stands in a comment, a string or a document. */
const steering: Detector = function* ({ rows, file }) {
  const isOfPrompts = PROMPTS.test(file.path);
  for (const row of rows)
    if (row.sign === '+' && (STEERING.test(row.text) || (!isOfPrompts && PROMPT_LIKE.test(row.text))))
      yield {
        row,
        rule: 'steering',
        severity: 'medium',
        confidence: 0.8,
        message: 'This text tries to steer an automatic reviewer. It was not followed. Remove it.',
      };
};

/** `codeOf` keeps the call and drops what stands in strings. */
const evaluated: Detector = function* (view) {
  if (view.isAside) return;
  const patterns: Partial<Record<typeof view.language.name, RegExp>> = {
    js: /(?<![.\w])eval\(\s*[^)'"`\s]|\bnew Function\(\s*(?!\))/,
    python: /(?<![.\w])(?:eval|exec)\(\s*[^)'"]/,
    php: /(?<![>\w])eval\(\s*[^)'"]/,
    ruby: /(?<![.\w])(?:eval|instance_eval|class_eval)[( ]\s*[^)'"{\s]/,
  };
  const pattern = patterns[view.language.name];
  if (pattern === undefined) return;
  for (const row of addedRows(view))
    if (pattern.test(codeOf(row.text, view.language)) && !/literal_eval|JSON\.parse/.test(row.text))
      yield {
        row,
        rule: 'code-injection',
        severity: 'critical',
        confidence: 0.75,
        message:
          'A text that is computed at run time is executed as code. Whoever controls a part of it controls the program.',
      };
};

export const securityDetectors: readonly Detector[] = [
  hardCodedSecret,
  ...injectionDetectors,
  evaluated,
  pathTraversal,
  dangerous,
  weakCryptography,
  slowRegularExpression,
  removedCheck,
  steering,
];
