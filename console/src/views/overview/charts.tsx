import AreaChart from '@cloudscape-design/components/area-chart';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import { useMetrics, type MetricsAnswer } from '../../api/metrics.ts';
import { clock, dollars, number } from '../../parts/format.ts';
import { countsOf, perHour, pointsOf } from './series.ts';

const NAMES = ['TasksSucceeded:Sum', 'TasksFailed:Sum', 'ModelMicroDollars:Sum', 'DispatchTime:p99'] as const;

const minutes = (at: Date): string => clock(at.getTime()).slice(0, 5);

/** The last hours of the fleet: tasks that ended, dollars an hour, and how long tasks waited for a worker. */
export function Charts() {
  const metrics = useMetrics(NAMES);
  // A key without the scope of the whole fleet has no metrics.
  if (!metrics.data) return null;
  return (
    <Grid
      gridDefinition={[
        { colspan: { default: 12, xs: 4 } },
        { colspan: { default: 12, xs: 4 } },
        { colspan: { default: 12, xs: 4 } },
      ]}
    >
      <Ended metrics={metrics.data} />
      <Chart title="US dollars an hour" data={perHour(metrics.data, NAMES[2], 1e-6)} format={dollars} />
      <Chart title="Wait for a worker, p99, in seconds" data={pointsOf(metrics.data, NAMES[3], 1e-3)} format={number} />
    </Grid>
  );
}

function Ended({ metrics }: { readonly metrics: MetricsAnswer }) {
  const [succeeded = [], failed = []] = countsOf(metrics, NAMES.slice(0, 2));
  const series = [
    { type: 'area' as const, title: 'Succeeded', data: succeeded },
    { type: 'area' as const, title: 'Failed', data: failed, color: 'var(--error)' },
  ];
  const most = Math.max(1, ...succeeded.map(({ y }, at) => y + (failed[at]?.y ?? 0)));
  return (
    <Container
      fitHeight
      header={
        <Header variant="h3" headingTagOverride="h2">
          Tasks that ended
        </Header>
      }
    >
      <AreaChart
        ariaLabel="Tasks that ended, over time"
        height={140}
        hideFilter
        xScaleType="time"
        yDomain={[0, most]}
        series={series.filter(({ data }) => data.length > 0)}
        i18nStrings={{ xTickFormatter: minutes }}
        empty="No task has ended in the last hours."
      />
    </Container>
  );
}

interface ChartProps {
  readonly title: string;
  readonly data: { readonly x: Date; readonly y: number }[];
  readonly format: (value: number) => string;
}

function Chart({ title, data, format }: ChartProps) {
  return (
    <Container
      fitHeight
      header={
        <Header variant="h3" headingTagOverride="h2">
          {title}
        </Header>
      }
    >
      <LineChart
        ariaLabel={`${title}, over time`}
        height={140}
        hideFilter
        hideLegend
        xScaleType="time"
        series={data.length === 0 ? [] : [{ type: 'line', title, data, valueFormatter: format }]}
        i18nStrings={{ xTickFormatter: minutes, yTickFormatter: format }}
        empty="No values in the last hours."
      />
    </Container>
  );
}
