import { codeBlocks, documents, inlineCode } from './markdown.ts';

export interface Typed {
  readonly path: string;
  /** As a reader types it, on one line. It may join several commands with `&&` or `|`. */
  readonly command: string;
}

const PROGRAM = /^(npm|npx|node|aws|curl|rm|read|echo) +[\w$.'"{/-]/;
/** Assigns a command's output to a variable. */
const ASSIGNED = /^\w+=\$\(/;

/** Every command that the project's documents show, in blocks and as inline code. */
export function typedCommands(): Typed[] {
  return documents().flatMap(({ path, text }) => {
    const blocks = codeBlocks(text).flatMap(({ language, text: block }) =>
      ['', 'sh'].includes(language) ? lines(block, language === 'sh') : [],
    );
    const inline = inlineCode(text).filter((code) => PROGRAM.test(code));
    return [...new Set([...blocks, ...inline])].map((command) => ({ path, command }));
  });
}

/** The commands of a block: every line of a shell block, and lines of other blocks that begin with a program. */
function lines(block: string, shell: boolean): string[] {
  return block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(\s+#| {3,}).*$/, '').trim())
    .filter((line) => line !== '' && (shell || PROGRAM.test(line) || ASSIGNED.test(line)));
}
