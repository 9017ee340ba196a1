import { keyMasker } from '../../change/secrets.ts';

const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" } as const;
const CHARACTERS = new Map<string, string>(Object.entries(ENTITIES).map(([entity, character]) => [character, entity]));

const plain = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity as keyof typeof ENTITIES]);
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => CHARACTERS.get(character) ?? '');

/** Shorter texts are numbers of lines and signs, which stand between the lines of a key. */
const MIN_TEXT = 4;

/** Where a file of the simulated GitHub's page begins, with its path; or a text. */
const FILE_OR_TEXT = /id="file-(?<file>[\w-]+)"|>(?<text>[^<]+)(?=<)/g;

/**
 * Masks the secrets in the text of a page whose content is escaped, such as lines of a diff. A line of text must not be
 * divided by tags.
 */
export function maskPage(html: string): string {
  const mask = keyMasker();
  const body = html.indexOf('</head>');
  let path = '';
  const masked = html.slice(body).replace(FILE_OR_TEXT, (node, file?: string, text?: string) => {
    if (file !== undefined) path = Buffer.from(file, 'base64url').toString();
    if (text === undefined || text.trim().length < MIN_TEXT) return node;
    const lines = plain(text)
      .split('\n')
      // Pages show a carriage return as this character.
      .map((line) => mask(line.replace(/␍$/, ''), path).text + (line.endsWith('␍') ? '␍' : ''));
    return `>${escaped(lines.join('\n'))}`;
  });
  return html.slice(0, body) + masked;
}
