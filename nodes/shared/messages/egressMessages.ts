import type { EgressRefusal } from '../../../client';
import type { Words } from './message';

/** n8n's protection of its network refuses a host. */
export function egressWords({ host, reason }: EgressRefusal): Words {
	return {
		message: `n8n does not let requests go to ${host}: ${reason}`,
		description:
			"Its administrator can allow the host's name in N8N_SSRF_ALLOWED_HOSTNAMES, or its IP address in N8N_SSRF_ALLOWED_IP_RANGES (for one address, such as 10.1.2.3/32).",
	};
}
