/** The only user of each n8n that the tests start. It listens only on loopback. */
export const OWNER = {
	email: 'owner@example.com',
	password: 'BitMind-emulator-1',
	firstName: 'Olive',
	lastName: 'Owner',
};

/** n8n's internal API, with a session as its editor has it. */
export class Rest {
	private cookie = '';

	constructor(readonly url: string) {}

	/** Whether the server sends JSON and no longer the page that says it is starting. */
	async ready(): Promise<boolean> {
		const health = await fetch(`${this.url}/healthz/readiness`);
		if (!health.ok) return false;
		const settings = await fetch(`${this.url}/rest/settings`);
		return settings.ok && (settings.headers.get('content-type') ?? '').includes('json');
	}

	/** Signs in as the owner, and sets the owner up first if n8n is new. */
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

	/** Returns the content of n8n's response, which is wrapped in `data`. */
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
		const content: unknown = text === '' ? undefined : JSON.parse(text);
		return (isWrapped(content) ? content.data : content) as T;
	}
}

function isWrapped(content: unknown): content is { data: unknown } {
	return typeof content === 'object' && content !== null && 'data' in content;
}
