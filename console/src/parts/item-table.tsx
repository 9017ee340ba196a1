import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';

interface ItemTableProps<Item> {
  readonly title: string;
  readonly counter?: string | undefined;
  readonly actions?: ReactNode;
  readonly description?: ReactNode;
  readonly items: readonly Item[] | undefined;
  readonly columns: readonly TableProps.ColumnDefinition<Item>[];
  /** What identifies an item, and its name for readers of screens. */
  readonly idOf: (item: Item) => string;
  readonly empty: string;
  readonly filter?: ReactNode;
  readonly pagination?: ReactNode;
  readonly selection?: { readonly items: readonly Item[]; readonly change: (items: readonly Item[]) => void };
  /** @default container */
  readonly variant?: TableProps.Variant;
}

/** A table with all its labels. Undefined items are being read. */
export function ItemTable<Item>({ title, items, columns, idOf, selection, ...props }: ItemTableProps<Item>) {
  return (
    <Table<Item>
      variant={props.variant ?? 'container'}
      header={
        <Header counter={props.counter} actions={props.actions} description={props.description}>
          {title}
        </Header>
      }
      items={items ?? []}
      columnDefinitions={columns}
      trackBy={idOf}
      loading={items === undefined}
      loadingText="Reading …"
      wrapLines
      filter={props.filter}
      pagination={props.pagination}
      empty={
        <Box textAlign="center" color="text-body-secondary" padding={{ vertical: 's' }}>
          {props.empty}
        </Box>
      }
      ariaLabels={{
        tableLabel: title,
        selectionGroupLabel: `Selection in ${title}`,
        allItemsSelectionLabel: () => 'Select all',
        itemSelectionLabel: (_, item) => `Select ${idOf(item)}`,
      }}
      {...(selection && {
        selectionType: 'multi' as const,
        selectedItems: [...selection.items],
        onSelectionChange: ({ detail }: { detail: { selectedItems: Item[] } }) =>
          selection.change(detail.selectedItems),
      })}
    />
  );
}
