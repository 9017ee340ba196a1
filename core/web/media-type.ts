/** What a body is read as. */
export type PageKind = 'html' | 'xml' | 'json' | 'text' | 'pdf';

const KINDS: readonly (readonly [RegExp, PageKind])[] = [
  [/^(text\/html|application\/xhtml\+xml)$/, 'html'],
  [/^(text\/xml|application\/xml|application\/([\w.-]+\+)xml)$/, 'xml'],
  [/^(application\/json|text\/json|application\/([\w.-]+\+)json)$/, 'json'],
  [/^(text\/plain|text\/markdown)$/, 'text'],
  [/^application\/pdf$/, 'pdf'],
  // A sitemap that is stored compressed. Its content decides.
  [/^application\/(x-)?gzip$/, 'xml'],
];

/** The kind of a `Content-Type` header. Null for types that are not read. A body without a type is read as a page. */
export function kindOfType(header: string | undefined): PageKind | null {
  const type = (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === '') return 'html';
  return KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? null;
}
