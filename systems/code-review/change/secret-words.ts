/** Names whose values are secrets although they may be words, unlike those of a key or a token, which are made. */
const PASSWORD = /^(?:ENV\s+\w*?)?(?:client[_-]?)?(?:pass|pwd|secret)/i;

/** What such a name also stands for: its own name in a form, a setting, or the place where the secret is. */
const NO_SECRET =
  /pass(?:word|wd|phrase)?|secret|token|credential|^(?:disabled|enabled|mandatory|generated?|encrypted|plaintext|anonymous|inherit(?:ed)?|(?:true|false)\W*)$|[()[\]{}<>$]|\.\w+$/i;

/** The name of a variable or of a constant that holds it. */
const IS_NAME = /^[A-Z][A-Z_]+$/;

/**
 * Whether words are a secret, as in `DB_PASSWORD=correct-horse-battery`. A word alone cannot tell, so its name does.
 * @param match what was found, from the name on
 */
export const isSecretWord = (match: string, secret: string): boolean =>
  PASSWORD.test(match) && !NO_SECRET.test(secret) && !IS_NAME.test(secret);
