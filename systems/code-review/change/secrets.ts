import { isSecretWord } from './secret-words.ts';
import { holdsSettings, namesSecret, SECRET_NAMES, unquotedPatterns } from './unquoted-secrets.ts';

/** A kind of secret and the pattern that finds it; the secret is the group `secret`, or the whole match. */
interface SecretKind {
  readonly kind: string;
  readonly pattern: RegExp;
}

/** Formats that their issuers document, so that a match is a key and not a word. */
const FORMATS: readonly SecretKind[] = [
  { kind: 'aws-access-key', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  {
    kind: 'github-token',
    pattern: /\bgh[pousr]_[A-Za-z0-9]{36,251}\b|\bgithub_pat_\w{22,255}\b|\bghs_\d+_[\w.-]{20,}/g,
  },
  { kind: 'gitlab-token', pattern: /\bglpat-[\w-]{20,}/g },
  { kind: 'slack-token', pattern: /\bxox[abeoprs]-[\w-]{10,}/g },
  { kind: 'slack-webhook', pattern: /https:\/\/hooks\.slack\.com\/services\/[\w/]{20,}/g },
  { kind: 'stripe-key', pattern: /\b[rs]k_live_\w{16,}/g },
  { kind: 'anthropic-key', pattern: /\bsk-ant-[\w-]{20,}/g },
  { kind: 'openai-key', pattern: /\bsk-(?:proj-)?[A-Za-z0-9_-]{32,}/g },
  { kind: 'google-key', pattern: /\bAIza[\w-]{35}/g },
  { kind: 'npm-token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { kind: 'sendgrid-key', pattern: /\bSG\.[\w-]{20,24}\.[\w-]{40,46}/g },
  { kind: 'jwt', pattern: /\beyJ[\w-]{15,1000}\.eyJ[\w-]{15,}\.[\w-]{15,}/g },
  { kind: 'private-key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----.*/g },
  {
    kind: 'password-in-url',
    pattern: /\b[a-z][a-z+.-]{1,20}:\/\/[^\s:/@'"]{0,64}:(?<secret>[^\s:/@'"${}<>]{1,128})@/gi,
  },
];

/** A literal that is assigned to a name of a secret. Its name is bounded: a text of such names takes no quadratic time. */
const NAMED: SecretKind = {
  kind: 'secret',
  pattern: new RegExp(
    String.raw`(?:${SECRET_NAMES})(?<suffix>\w{0,200})["']?\s*(?:=>|:=|[:=])\s*(?:\w+\s*\(\s*)?(?<quote>["'\`])(?<secret>[^"'\`\s]{8,200})\k<quote>`,
    'gi',
  ),
};

/** Values that stand for a secret and are none. */
const PLACEHOLDER =
  /^(?:x+|\*+|\.+|<.*>|\[.*\]|%.*%|\{.*\}|\$.*|your.*|my[-_]?(?:secret|password|token).*|change.?me.*|example.*|placeholder.*|dummy.*|fake.*|redacted.*|undefined|optional|required)$|\$\{|\{\{|%s|process\.env|os\.environ|^(?:https?|file|env|arn|ssm|vault):|^[./~]|[-_]?example/i;

/** The line of a private key's body, which has no marker of its own. */
const KEY_BODY = /^[\s+"']*(?<secret>[A-Za-z0-9+/=]{60,76})(?:\\n)?[\s+"',;]*$/;

/** All kinds of masks. */
export const SECRET_KINDS: readonly string[] = [...FORMATS, NAMED].map(({ kind }) => kind);

export interface FoundSecret {
  readonly kind: string;
  /** Whether its issuer's format was found. A literal may also be a word, or made up. */
  readonly isCertain: boolean;
}

export interface Masked {
  readonly text: string;
  readonly found: readonly FoundSecret[];
}

export const MASK = (kind: string): string => `‹masked:${kind}›`;

/**
 * Replaces the secrets of one line. Secret values never leave this function.
 * @param path the file, since some languages need no quotes. @default values have quotes
 */
export function maskLine(line: string, path = ''): Masked {
  const found: FoundSecret[] = [];
  let text = line;
  for (const { kind, pattern } of FORMATS) {
    text = replaceSecrets(text, pattern, (secret) => {
      // Amazon's documentation has keys like this.
      if (/EXAMPLE/.test(secret)) return MASK('example');
      found.push({ kind, isCertain: kind !== 'password-in-url' });
      return MASK(kind);
    });
  }
  const maskNamed = (secret: string, match: string, suffix: string): string => {
    if (secret.includes('‹masked') || PLACEHOLDER.test(secret)) return secret;
    const isMade = looksMade(secret);
    if (!isMade && !(namesSecret(match, suffix) && isSecretWord(match, secret))) return secret;
    // Words in code are masked and not reported: they may be a form's, or a label's.
    if (isMade || holdsSettings(path)) found.push({ kind: NAMED.kind, isCertain: false });
    return MASK(NAMED.kind);
  };
  text = replaceSecrets(text, NAMED.pattern, maskNamed);
  for (const pattern of unquotedPatterns(path))
    text = replaceSecrets(text, pattern, (secret, match, suffix) =>
      namesSecret(match, suffix) ? maskNamed(secret, match, suffix) : secret,
    );
  return { text, found };
}

interface Groups {
  readonly secret?: string;
  readonly suffix?: string;
}

function replaceSecrets(
  text: string,
  pattern: RegExp,
  mask: (secret: string, match: string, suffix: string) => string,
): string {
  return text.replaceAll(pattern, (...args: unknown[]) => {
    const whole = String(args[0]);
    const { secret = whole, suffix = '' } = (typeof args.at(-1) === 'object' ? args.at(-1) : {}) as Groups;
    // The secret is the last part of a match with a name before it, whose own words may repeat it.
    const at = whole.lastIndexOf(secret);
    return whole.slice(0, at) + mask(secret, whole, suffix) + whole.slice(at + secret.length);
  });
}

/** Whether a literal looks made, not written: digits, or letters in both cases, and no words with separators. */
function looksMade(secret: string): boolean {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^\w-]/].filter((each) => each.test(secret)).length;
  const isIdentifier =
    /^[A-Za-z]+(?:[-_.:/][A-Za-z]+)+$|^[a-z]+$|^[A-Z]+$|^[a-z]+(?:[A-Z][a-z]+)+$|^(?:[A-Z][a-z]+)+[:?.…]?$/.test(
      secret,
    );
  return classes >= 2 && !isIdentifier;
}

/**
 * Replaces the secrets of a text, line by line. The body of a private key is replaced up to its end, or for as long as
 * its lines are base64.
 * @param path the file that the text is of. @default none
 */
export function maskText(text: string, path = ''): string {
  const mask = keyMasker();
  return text
    .split('\n')
    .map((line) => mask(line, path).text)
    .join('\n');
}

/** Returns a function that masks consecutive lines, and remembers whether it is inside a private key. */
export function keyMasker(): (line: string, path?: string) => Masked {
  let inKey = false;
  return (line, path) => {
    const ends = /-----END (?:[A-Z]+ )*PRIVATE KEY-----/.test(line);
    if (inKey) {
      const isBody = KEY_BODY.test(line) || /^[\s+"']*[A-Za-z0-9+/=]{1,76}(?:\\n)?[\s+"',;]*$/.test(line);
      inKey = isBody && !ends;
      if (isBody || ends) return { text: line.replace(/[A-Za-z0-9+/=-]{4,}.*/, MASK('private-key')), found: [] };
    }
    inKey ||= /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(line) && !ends;
    return maskLine(line, path);
  };
}
