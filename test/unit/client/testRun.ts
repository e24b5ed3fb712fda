import { parseCredentials } from '../../../client/auth/credentials';
import { IMAGES } from '../../../client/model/mediaKind';
import { Run, type RunSettings } from '../../../client/sending/runContext';
import { steppedClock } from './timing/steppedClock';

const SETTINGS: RunSettings = {
	kind: IMAGES,
	concurrency: 2,
	requestsPerMinute: undefined,
	maxRetries: 4,
	timeoutMs: 10_000,
	stopOnFailure: false,
};

/** A run in which nothing is sent, with a clock that stands still until everyone sleeps. */
export function testRun(settings: Partial<RunSettings> = {}, random?: () => number) {
	const clock = steppedClock(random);
	const credential = { apiKey: 'enterprise-1', baseUrl: 'https://enterprise.bitmind.ai' };
	const credentials = parseCredentials(credential, 0);
	const context = { credentials, clock, signal: undefined, egress: undefined };
	return { run: new Run({ ...SETTINGS, ...settings }, context), clock };
}
