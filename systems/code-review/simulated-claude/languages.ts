/** What the rules need to know of a language. */
export interface Language {
  readonly name:
    | 'js'
    | 'python'
    | 'go'
    | 'java'
    | 'kotlin'
    | 'ruby'
    | 'php'
    | 'csharp'
    | 'rust'
    | 'c'
    | 'shell'
    | 'other';
  /** A comment at the end of a line. */
  readonly comment: RegExp;
  /** How most of its code writes names. */
  readonly names: 'camel' | 'snake';
}

const SLASHES = /(?<!:)\/\/.*$/;
const HASH = /#(?![{]).*$/;

const make = (name: Language['name'], comment: RegExp, names: Language['names']): Language => ({
  name,
  comment,
  names,
});
const LANGUAGES: readonly (readonly [RegExp, Language])[] = [
  [/\.(?:[cm]?[jt]sx?|vue|svelte)$/, make('js', SLASHES, 'camel')],
  [/\.pyi?$/, make('python', HASH, 'snake')],
  [/\.go$/, make('go', SLASHES, 'camel')],
  [/\.(?:java|scala|groovy)$/, make('java', SLASHES, 'camel')],
  [/\.kts?$/, make('kotlin', SLASHES, 'camel')],
  [/\.(?:rb|rake)$/, make('ruby', HASH, 'snake')],
  [/\.php$/, make('php', SLASHES, 'camel')],
  [/\.cs$/, make('csharp', SLASHES, 'camel')],
  [/\.rs$/, make('rust', SLASHES, 'snake')],
  [/\.(?:c|cc|cpp|cxx|h|hh|hpp)$/, make('c', SLASHES, 'snake')],
  [/\.(?:sh|bash)$|(?:^|\/)Dockerfile$/, make('shell', HASH, 'snake')],
];
const OTHER = make('other', HASH, 'snake');

export const languageOf = (path: string): Language => LANGUAGES.find(([pattern]) => pattern.test(path))?.[1] ?? OTHER;
