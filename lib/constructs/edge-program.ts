import { regionPosition } from './region-positions.ts';

/** A region's task API, as the edge sees it. */
export interface EdgeOrigin {
  /** The region's name in ids. */
  readonly name: string;
  readonly region: string;
  /** The host of its task API. */
  readonly host: string;
}

/**
 * The program of a CloudFront Function (runtime 2.0) that sends each request, POST too, to the nearest region that is not
 * marked as down. It is text, since CloudFront runs JavaScript of its own kind.
 *
 * Near is measured between the viewer's position, as CloudFront estimates it, and that of the regions: the smallest angle
 * has the greatest product of the vectors. A viewer without a position gets the first region. A region is down if the
 * store has its name as a key, with whatever value. If all are, or the store cannot be read, the nearest one is tried.
 */
export function edgeProgram(origins: readonly EdgeOrigin[]): string {
  const placed = origins.map(({ name, region, host }) => ({ name, host, at: vectorOf(regionPosition(region)) }));
  return `import cf from 'cloudfront';
var origins = ${JSON.stringify(placed)};
var down = cf.kvs();

function vector(latitude, longitude) {
  var a = (latitude * Math.PI) / 180;
  var b = (longitude * Math.PI) / 180;
  return [Math.cos(a) * Math.cos(b), Math.cos(a) * Math.sin(b), Math.sin(a)];
}

function nearestFirst(headers) {
  var latitude = headers['cloudfront-viewer-latitude'];
  var longitude = headers['cloudfront-viewer-longitude'];
  if (!latitude || !longitude) return origins;
  var here = vector(Number(latitude.value), Number(longitude.value));
  if (here.some(isNaN)) return origins;
  function nearness(origin) {
    return here[0] * origin.at[0] + here[1] * origin.at[1] + here[2] * origin.at[2];
  }
  return origins.slice().sort((one, other) => nearness(other) - nearness(one));
}

async function isDown(name) {
  try {
    return await down.exists(name);
  } catch (error) {
    return false;
  }
}

async function handler(event) {
  var request = event.request;
  var order = nearestFirst(request.headers);
  var chosen = order[0];
  for (var i = 0; i < order.length; i += 1) {
    if (!(await isDown(order[i].name))) {
      chosen = order[i];
      break;
    }
  }
  cf.updateRequestOrigin({ domainName: chosen.host, hostHeader: chosen.host });
  return request;
}
`;
}

/** A place as a vector from the centre of the globe. Three digits are within seven kilometres. */
function vectorOf([latitude, longitude]: readonly [number, number]): readonly number[] {
  const [a, b] = [latitude, longitude].map((degrees) => (degrees * Math.PI) / 180) as [number, number];
  return [Math.cos(a) * Math.cos(b), Math.cos(a) * Math.sin(b), Math.sin(a)].map((part) => Number(part.toFixed(3)));
}
