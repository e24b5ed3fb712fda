import { parseCredentials } from '../../../client/auth/credentials';
import { detect, type DetectContext, type DetectSettings } from '../../../client/detect';
import { IMAGES } from '../../../client/model/mediaKind';
import type { DetectResult } from '../../../client/model/outcome';
import type { SourceFile } from '../../../client/files/sourceFile';
import type { Emulator } from '../../support/emulator';
import { virtualClock } from './virtualClock';

export const SETTINGS: DetectSettings = {
	kind: IMAGES,
	maxFiles: 50,
	maxBytes: 500_000_000,
	concurrency: 2,
	requestsPerMinute: undefined,
	maxRetries: 4,
	timeoutMs: 10_000,
	stopOnFailure: false,
	deduplicate: false,
};

/** The fields of a credential for an emulator, by default with its API key. */
export function form(emulator: { url: string; apiKey: string }, fields: object = {}): object {
	return { authentication: 'apiKey', apiKey: emulator.apiKey, baseUrl: emulator.url, ...fields };
}

export function oAuthForm({ url, client }: Emulator): object {
	const { id, secret } = client;
	return { authentication: 'oAuth2', clientId: id, clientSecret: secret, baseUrl: url };
}

/** Runs the client in virtual time, in which waiting takes no time. */
export async function run(
	files: readonly SourceFile[],
	credential: object,
	settings: Partial<DetectSettings> = {},
	context: DetectContext = {},
): Promise<DetectResult> {
	return await detect(
		files,
		parseCredentials(credential, Date.now()),
		{ ...SETTINGS, ...settings },
		{ clock: virtualClock(), ...context },
	);
}
