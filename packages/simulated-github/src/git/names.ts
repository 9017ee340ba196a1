const SHA = /^[0-9a-f]{40}$/;

/** A full object name. GitHub accepts abbreviated ones for commits only. */
export const isSha = (text: string): boolean => SHA.test(text);

/** Whether a text is a branch name that git accepts and that no program can mistake for an option. */
export function isBranchName(text: string): boolean {
  // `git check-ref-format`, without a process per name.
  const bad = /(^[-/.])|[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[./]$|^@$/u;
  return text.length > 0 && text.length <= 255 && !bad.test(text);
}
