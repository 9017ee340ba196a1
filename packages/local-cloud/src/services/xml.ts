import { XMLParser } from 'fast-xml-parser';
import { ServiceError } from './service.ts';

/** The content of an XML element. An array repeats the element; undefined omits it. */
export type Xml = string | number | boolean | undefined | readonly Xml[] | { readonly [name: string]: Xml };

/** Writes a document. Characters that XML cannot hold or would change become character references, as on AWS. */
export function writeXml(root: string, content: Xml, namespace: string): string {
  const inner =
    typeof content === 'object' && !Array.isArray(content) ? children(content) : text(String(content ?? ''));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${inner}</${root}>`;
}

function element(name: string, content: Xml): string {
  if (content === undefined) return '';
  if (Array.isArray(content)) return content.map((item: Xml) => element(name, item)).join('');
  return `<${name}>${typeof content === 'object' ? children(content) : text(String(content))}</${name}>`;
}

function children(content: object): string {
  return Object.entries(content)
    .map(([name, value]: [string, Xml]) => element(name, value))
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The only control characters that are written unescaped. */
const WHITE_SPACE = new Set(['\t', '\n']);

function text(value: string): string {
  return value.replace(/[&<>"\p{Cc}]/gu, (char) => {
    if (WHITE_SPACE.has(char)) return char;
    return ENTITIES[char] ?? `&#x${char.charCodeAt(0).toString(16)};`;
  });
}

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  // Numeric character references too: SDKs write `&#xD;` for a carriage return.
  htmlEntities: true,
});

/** Whether every reference is one of XML 1.0. The parser leaves others as they are, or knows them from HTML. */
function hasValidReferences(text: string): boolean {
  const outside = text.replaceAll(/<!\[CDATA\[.*?\]\]>/gs, '');
  return [...outside.matchAll(/&([^;&]{0,10};?)/g)].every(([, name = '']) => {
    const [, decimal, hex] = /^#(?:(\d+)|x([\da-fA-F]+));$/.exec(name) ?? [];
    if (decimal === undefined && hex === undefined) return /^(?:amp|lt|gt|quot|apos);$/.test(name);
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff);
  });
}

/** Reads a document with this root. A repeated element becomes an array, a single one does not. */
export function readXml(body: Buffer, root: string): unknown {
  try {
    if (!hasValidReferences(body.toString('utf8'))) throw new Error('an invalid reference');
    const parsed: unknown = parser.parse(body, true);
    if (typeof parsed === 'object' && parsed !== null && root in parsed) {
      const content: unknown = Reflect.get(parsed, root);
      return content === '' ? {} : content;
    }
  } catch {
    // Falls through: everything that is not such a document gets the same error.
  }
  throw new ServiceError('MalformedXML', `The body must be an XML document with the root ${root}.`);
}
