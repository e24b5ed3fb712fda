import type { IExecuteFunctions } from 'n8n-workflow';
import { type EgressFilter, EgressRefusal } from '../../../client';

/** The filter of n8n's own clients, for a run. n8n before 2.30 has none, and without protection it passes everything. */
export function egressFilterOf({ helpers }: IExecuteFunctions): EgressFilter | undefined {
	// Typed as always there, as it is in the newest n8n.
	const filter = (helpers as Partial<typeof helpers>).getSecureEgressFilter?.();
	if (!filter) return undefined;
	const lookup = filter.createSecureLookup();
	return {
		check: async (url) => {
			const result = await filter.validateUrl(url);
			if (!result.ok) throw new EgressRefusal(new URL(url).hostname, result.error.message);
		},
		checkHost: (host) => {
			const result = filter.validateConnectionHost(host);
			if (!result.ok) throw new EgressRefusal(host, result.error.message);
		},
		lookup: (hostname, options, callback) => {
			lookup(hostname, options, (error, address, family) => {
				callback(error && refusalIn(error, hostname), address, family);
			});
		},
	};
}

/**
 * The refusal, where an error of n8n's is one. It is known by what it lacks: each error of the network
 * has a code. So no refusal is taken for an error of the network, whatever n8n names it.
 */
export function refusalIn(error: Error, host: string): Error {
	return hasCode(error) ? error : new EgressRefusal(host, error.message);
}

function hasCode(error: unknown): boolean {
	const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
	return typeof code === 'string' || (cause !== undefined && hasCode(cause));
}
