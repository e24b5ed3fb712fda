import type { IExecuteFunctions } from 'n8n-workflow';
import { type EgressFilter, EgressRefusal } from '../../../client';
import { fieldsOf } from '../settings/untyped';

/** The egress filter that n8n's own clients use. n8n before 2.30 has none. */
export function egressFilterOf({ helpers }: IExecuteFunctions): EgressFilter | undefined {
	// The types say that it always exists, as it does in the newest n8n.
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
			return result.ok ? undefined : new EgressRefusal(host, result.error.message);
		},
		lookup: (hostname, options, callback) => {
			lookup(hostname, options, (error, address, family) => {
				callback(error && refusalIn(error, hostname), address, family);
			});
		},
	};
}

/**
 * Turns an error of n8n into a refusal if it is one. A refusal is recognized by having no code, because
 * each network error has one. So it doesn't matter how n8n names its refusals.
 */
export function refusalIn(error: Error, host: string): Error {
	return hasCode(error) ? error : new EgressRefusal(host, error.message);
}

function hasCode(error: unknown): boolean {
	const { code, cause } = fieldsOf(error);
	return typeof code === 'string' || (cause !== undefined && hasCode(cause));
}
