import PropertyFilter from '@cloudscape-design/components/property-filter';
import { useAgents } from '../../api/agents.ts';
import { PROPERTIES, STATUSES, tokensOf, valuesOf, type FilterValues } from './filter.ts';

interface TaskFilterProps {
  readonly values: FilterValues;
  readonly change: (values: Readonly<Record<string, string | undefined>>) => void;
}

/** The property filter of the list: its tokens are the parameters of the URL. */
export function TaskFilter({ values, change }: TaskFilterProps) {
  const agents = useAgents().data ?? [];
  return (
    <PropertyFilter
      query={{
        tokens: tokensOf(values).map(({ propertyKey, operator, value }) => ({
          propertyKey,
          operator: operator as '=',
          value,
        })),
        operation: 'and',
      }}
      onChange={({ detail }) => change(valuesOf(detail.tokens, Date.now()))}
      hideOperations
      disableFreeTextFiltering
      filteringProperties={PROPERTIES.map(({ key, label, operator }) => ({
        key,
        propertyLabel: label,
        groupValuesLabel: `Values of ${label}`,
        operators: [operator],
        defaultOperator: operator,
      }))}
      filteringOptions={[
        ...agents.map(({ name }) => ({ propertyKey: 'agent', value: name })),
        ...STATUSES.map((status) => ({ propertyKey: 'status', value: status })),
        ...['15m', '1h', '24h', '7d'].map((value) => ({ propertyKey: 'from', value, label: `${value} ago` })),
      ]}
      filteringPlaceholder="Filter by agent, status, run, session or time"
      filteringAriaLabel="Filter tasks"
    />
  );
}
