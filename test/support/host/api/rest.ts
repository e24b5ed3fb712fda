/** The one user of every n8n that the harness starts; it listens on loopback only. */
export const OWNER = {
	email: 'owner@example.com',
	password: 'BitMind-emulator-1',
	firstName: 'Olive',
	lastName: 'Owner',
};

/** n8n's internal API, as its editor uses it: signed in by cookie. */
export class Rest {
	private cookie = '';

	constructor(readonly url: string) {}

	/** True once the server answers with its own JSON and no longer with its starting page. */
	async ready(): Promise<boolean> {
		const health = await fetch(`${this.url}/healthz/readiness`);
		if (!health.ok) return false;
		const settings = await fetch(`${this.url}/rest/settings`);
		return settings.ok && (settings.headers.get('content-type') ?? '').includes('json');
	}

	/** Sets the owner up on a fresh n8n, signs in on one that has its owner. */
	async signIn(): Promise<void> {
		const { userManagement } = await this.request<{
			userManagement: { showSetupOnFirstLoad: boolean };
		}>('GET', '/rest/settings');
		if (userManagement.showSetupOnFirstLoad) {
			await this.request('POST', '/rest/owner/setup', OWNER);
			return;
		}
		const { email: emailOrLdapLoginId, password } = OWNER;
		await this.request('POST', '/rest/login', { emailOrLdapLoginId, password });
	}

	/** n8n wraps its answers in `data`; what is in it comes back. */
	async request<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: { 'content-type': 'application/json', cookie: this.cookie },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
		for (const line of response.headers.getSetCookie()) {
			if (line.startsWith('n8n-auth=')) this.cookie = line.split(';', 1)[0] ?? '';
		}
		const answer: unknown = text === '' ? undefined : JSON.parse(text);
		return (isWrapped(answer) ? answer.data : answer) as T;
	}
}

function isWrapped(answer: unknown): answer is { data: unknown } {
	return typeof answer === 'object' && answer !== null && 'data' in answer;
}
