import { codeBlocks, documents, inlineCode } from './markdown.ts';

export interface Typed {
  readonly path: string;
  /** As a reader types it, on one line; several commands may hang together by `&&` or `|`. */
  readonly command: string;
}

const PROGRAM = /^(npm|npx|node|aws|curl|rm|read|echo) +[\w$.'"{/-]/;
/** What assigns the output of a command. */
const ASSIGNED = /^\w+=\$\(/;

/** Every command that the project's documents show, in blocks and between backticks. */
export function typedCommands(): Typed[] {
  return documents().flatMap(({ path, text }) => {
    const blocks = codeBlocks(text).flatMap(({ language, text: block }) =>
      ['', 'sh'].includes(language) ? lines(block, language === 'sh') : [],
    );
    const inline = inlineCode(text).filter((code) => PROGRAM.test(code));
    return [...new Set([...blocks, ...inline])].map((command) => ({ path, command }));
  });
}

/** The commands of a block: in one of a shell every line, in another those that begin with a program. */
function lines(block: string, shell: boolean): string[] {
  return block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(\s+#| {3,}).*$/, '').trim())
    .filter((line) => line !== '' && (shell || PROGRAM.test(line) || ASSIGNED.test(line)));
}
