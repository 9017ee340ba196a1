import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();

/**
 * Truncates to a width in columns, between characters as people see them: an emoji or a Chinese character is two columns
 * wide.
 */
export function fitting(cell: string, width: number): string {
  if (stringWidth(cell) <= width) return cell;
  let kept = '';
  let used = 1;
  for (const { segment } of graphemes.segment(cell)) {
    used += stringWidth(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}
