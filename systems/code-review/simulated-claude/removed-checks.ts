import type { Detector } from './detector.ts';
import { isComment } from './detector.ts';

/** Words of a line that protects something. */
const PROTECTS =
  /__proto__|\bconstructor\b.*(?:===|==|!==)|hasOwn|\bescape\w*\(|\bsanitiz\w*\(|csrf|timingSafeEqual|compare_digest|constant_time|\bverif(?:y|ied)\w*\(|\bauthori[sz]e\w*|\bauthenticate\w*|require_?(?:login|auth|admin)|@login_required|\[Authorize|@PreAuthorize|isAdmin|hasPermission|can_access|checkPermission|\bvalidate\w*\(|realpath|basename\(|startsWith\(|rel="noopener|httpOnly|secure:\s*true|rejectUnauthorized:\s*true|maxRedirects|MAX_(?:LENGTH|SIZE|DEPTH)|htmlspecialchars|prepare\(|parameteri[sz]e/i;

/** A guard: a condition, or a line that only checks. */
const GUARD =
  /^\s*(?:if|unless|guard|assert|@|\[|}?\s*else if|require|throw)\b|^\s*@\w|^\s*\[\w|^\s*[\w.$]+\([^)]*\);?\s*$|\breturn\b.*(?:&&|\|\|)|[=(]\s*\w*(?:escape|sanitiz|basename|realpath|validate)\w*\(/i;

/** A check that the change removes and does not put anywhere else in the same file. */
export const removedCheck: Detector = function* (view) {
  const { rows, file, language, isAside } = view;
  if (isAside || file.status === 'deleted') return;
  const added = file.blocks.flatMap((block) => block.rows).filter(({ sign }) => sign === '+');
  const kept = added.map(({ text }) => text).join('\n');
  for (const row of rows) {
    if (row.sign !== '-' || isComment(row.text, language)) continue;
    const [word] = PROTECTS.exec(row.text) ?? [];
    if (word === undefined || !GUARD.test(row.text)) continue;
    const [stem = word] = /[a-z_]{4,}/i.exec(word) ?? [];
    if (kept.toLowerCase().includes(stem.toLowerCase())) continue;
    yield {
      row,
      rule: 'missing-validation',
      severity: 'high',
      confidence: 0.7,
      message:
        'The change removes this check, and nothing in the file takes its place. What it kept out can come in now.',
    };
    return;
  }
};
