import Box from '@cloudscape-design/components/box';
import { CommandLine } from '../command-line.tsx';
import type { Block, Inline } from './blocks.ts';

interface MarkdownProps {
  readonly blocks: readonly Block[];
  /** Replaces a placeholder in commands, such as AGENT. */
  readonly fill?: (text: string) => string;
}

const asItIs = (text: string): string => text;

/** A document of ours. Commands can be copied. */
export function Markdown({ blocks, fill = asItIs }: MarkdownProps) {
  return (
    <div className="markdown">
      {blocks.map((block, index) => (
        // The document never changes.
        // oxlint-disable-next-line react/no-array-index-key
        <BlockView key={index} block={block} fill={fill} />
      ))}
    </div>
  );
}

interface BlockProps {
  readonly block: Block;
  readonly fill: (text: string) => string;
}

function BlockView({ block, fill }: BlockProps) {
  switch (block.kind) {
    case 'heading':
      return <Box variant={block.level <= 2 ? 'h3' : 'h4'}>{block.text}</Box>;
    case 'paragraph':
      return (
        // A command is a block of its own, which a `p` must not have.
        <div className="paragraph">
          <Line parts={block.parts} fill={fill} />
        </div>
      );
    case 'code':
      return <pre>{fill(block.text)}</pre>;
    case 'list':
      return <List ordered={block.ordered} items={block.items} fill={fill} />;
    case 'table':
      return <TableView head={block.head} rows={block.rows} fill={fill} />;
  }
}

/* oxlint-disable react/no-array-index-key -- The document never changes. */

function List({ ordered, items, fill }: Omit<Extract<Block, { kind: 'list' }>, 'kind'> & Pick<BlockProps, 'fill'>) {
  const lines = items.map((parts, index) => (
    <li key={index}>
      <Line parts={parts} fill={fill} />
    </li>
  ));
  return ordered ? <ol>{lines}</ol> : <ul>{lines}</ul>;
}

function TableView({ head, rows, fill }: Omit<Extract<Block, { kind: 'table' }>, 'kind'> & Pick<BlockProps, 'fill'>) {
  return (
    <table>
      <thead>
        <tr>
          {head.map((parts, index) => (
            <th key={index} scope="col">
              <Line parts={parts} fill={fill} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, row) => (
          <tr key={row}>
            {cells.map((parts, index) => (
              <td key={index}>
                <Line parts={parts} fill={fill} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Line({ parts, fill }: { readonly parts: readonly Inline[] } & Pick<BlockProps, 'fill'>) {
  return parts.map((part, index) => <Part key={index} part={part} fill={fill} />);
}

function Part({ part, fill }: { readonly part: Inline } & Pick<BlockProps, 'fill'>) {
  switch (part.kind) {
    case 'code':
      return part.text.startsWith('npm run ') ? (
        <CommandLine command={fill(part.text)} />
      ) : (
        <code>{fill(part.text)}</code>
      );
    case 'strong':
      return <strong>{part.text}</strong>;
    // A link to another document leads nowhere here; its text says what it is about.
    case 'link':
    case 'text':
      return part.text;
  }
}
