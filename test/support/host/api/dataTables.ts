import type { IDataObject } from 'n8n-workflow';
import type { Rest } from './rest';

interface TableOf {
	id: string;
	name: string;
	projectId: string;
}

/** n8n's data tables. */
export class DataTables {
	constructor(private readonly rest: Rest) {}

	/** The rows in the order in which they were added; none if the table doesn't exist. */
	async rows(name: string): Promise<IDataObject[]> {
		const path = await this.pathOf(name);
		if (!path) return [];
		const { data } = await this.rest.request<{ data: IDataObject[] }>(
			'GET',
			`${path}/rows?take=1000`,
		);
		return data;
	}

	async add(name: string, rows: IDataObject[]): Promise<void> {
		const path = await this.pathOf(name);
		if (!path) throw new Error(`There is no data table '${name}'`);
		await this.rest.request('POST', `${path}/insert`, { data: rows, returnType: 'count' });
	}

	/** Does nothing if the table doesn't exist. */
	async remove(name: string): Promise<void> {
		const path = await this.pathOf(name);
		if (path) await this.rest.request('DELETE', path);
	}

	private async pathOf(name: string): Promise<string | undefined> {
		const filter = encodeURIComponent(JSON.stringify({ name }));
		const path = `/rest/data-tables-global?filter=${filter}`;
		const { data } = await this.rest.request<{ data: TableOf[] }>('GET', path);
		const table = data.find((each) => each.name === name);
		return table && `/rest/projects/${table.projectId}/data-tables/${table.id}`;
	}
}
