import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { tenantParam, type PoolList } from '#core/api/pools/messages.ts';
import { useFleet } from '../../api/pools.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { Page } from '../../parts/page.tsx';
import { poolPath, To } from '../../url/to.tsx';
import { BulkButton } from '../bulk/bulk-button.tsx';
import { Waiting, atLeast } from '../pools/waiting.tsx';
import { Hold } from './hold.tsx';
import { HoldActions } from './hold-actions.tsx';

/** What stops harm: pause a pool, a tenant or the fleet, cancel what burns, and resume in steps. */
export function Incident() {
  const fleet = useFleet();
  return (
    <Page title="Incident" source={fleet} description={<CommandLine command={fleetCommand.top()} />}>
      {fleet.data && <WholeFleet fleet={fleet.data.fleet} />}
      {fleet.data && <Tenants tenants={fleet.data.tenants} />}
      <Pools pools={fleet.data?.pools} />
    </Page>
  );
}

function WholeFleet({ fleet }: Pick<PoolList, 'fleet'>) {
  return (
    <Container
      header={<Header actions={<HoldActions what={{ kind: 'fleet' }} status={fleet.status} />}>The fleet</Header>}
    >
      <Hold hold={fleet} />
    </Container>
  );
}

function Tenants({ tenants }: Pick<PoolList, 'tenants'>) {
  const [tenant, setTenant] = useState('');
  const isTenant = tenantParam.safeParse(tenant).success;
  return (
    <SpaceBetween size="s">
      <Container header={<Header>Pause a tenant</Header>}>
        <FormField
          label="Name of the tenant"
          secondaryControl={isTenant && <HoldActions what={{ kind: 'tenant', tenant }} status="active" />}
        >
          <Input value={tenant} onChange={({ detail }) => setTenant(detail.value)} />
        </FormField>
      </Container>
      <ItemTable
        title="Tenants that are held"
        items={tenants}
        idOf={({ tenant }) => tenant}
        empty="No tenant is paused."
        columns={[
          { id: 'tenant', header: 'Tenant', isRowHeader: true, cell: ({ tenant }) => tenant },
          { id: 'status', header: 'Status', cell: (hold) => <Hold hold={hold} /> },
          {
            id: 'actions',
            header: 'Actions',
            cell: ({ tenant, status }) => <HoldActions what={{ kind: 'tenant', tenant }} status={status} />,
          },
        ]}
      />
    </SpaceBetween>
  );
}

function Pools({ pools }: { readonly pools: PoolList['pools'] | undefined }) {
  return (
    <ItemTable
      title="Pools"
      items={pools}
      idOf={({ agent }) => agent}
      empty="No pools."
      columns={[
        {
          id: 'agent',
          header: 'Agent',
          isRowHeader: true,
          cell: ({ agent }) => <To path={poolPath(agent)}>{agent}</To>,
        },
        { id: 'status', header: 'Status', cell: (pool) => <Hold hold={pool} /> },
        { id: 'running', header: 'Running', cell: (pool) => atLeast(pool, pool.tasks?.running) },
        { id: 'queued', header: 'Queued', cell: (pool) => atLeast(pool, pool.tasks?.queued) },
        { id: 'parked', header: 'Waiting for', cell: (pool) => <Waiting pool={pool} /> },
        {
          id: 'actions',
          header: 'Actions',
          minWidth: 340,
          cell: ({ agent, status }) => (
            <SpaceBetween direction="horizontal" size="xs">
              <HoldActions what={{ kind: 'pool', agent }} status={status} />
              <BulkButton label="Cancel its tasks" action="cancel" filter={{ agent }} />
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}
