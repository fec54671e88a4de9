CREATE EXTENSION IF NOT EXISTS pg_trgm
;
CREATE TABLE api_key (
	id UUID NOT NULL,
	name TEXT NOT NULL,
	prefix TEXT NOT NULL,
	key_hash BYTEA NOT NULL,
	roles TEXT NOT NULL,
	warehouse_id SMALLINT,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_api_key PRIMARY KEY (id),
	CONSTRAINT uq_api_key_name UNIQUE (name),
	CONSTRAINT uq_api_key_key_hash UNIQUE (key_hash)
)
;
CREATE TABLE carrier_service (
	code TEXT NOT NULL,
	carrier TEXT NOT NULL,
	name TEXT NOT NULL,
	cutoff TEXT NOT NULL,
	weekdays TEXT NOT NULL,
	countries TEXT NOT NULL,
	max_weight_g INTEGER NOT NULL,
	price_minor BIGINT DEFAULT '0' NOT NULL,
	transit_days SMALLINT,
	active BOOLEAN DEFAULT true NOT NULL,
	CONSTRAINT pk_carrier_service PRIMARY KEY (code)
)
;
CREATE TABLE cart (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	code TEXT NOT NULL,
	slots INTEGER NOT NULL,
	slot_volume_ml INTEGER NOT NULL,
	slot_weight_g INTEGER NOT NULL,
	tour_id UUID,
	CONSTRAINT pk_cart PRIMARY KEY (id),
	CONSTRAINT uq_cart_warehouse_id_code UNIQUE (warehouse_id, code)
)
;
CREATE TABLE carton_type (
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	length_mm INTEGER NOT NULL,
	width_mm INTEGER NOT NULL,
	height_mm INTEGER NOT NULL,
	tare_g INTEGER NOT NULL,
	max_weight_g INTEGER NOT NULL,
	fill_percent INTEGER DEFAULT '85' NOT NULL,
	active BOOLEAN DEFAULT true NOT NULL,
	CONSTRAINT pk_carton_type PRIMARY KEY (code)
)
;
CREATE TABLE channel_edition (
	code TEXT NOT NULL,
	version INTEGER NOT NULL,
	kind TEXT NOT NULL,
	settings TEXT NOT NULL,
	by TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_channel_edition PRIMARY KEY (code, version)
)
;
CREATE TABLE channel_order (
	channel TEXT NOT NULL,
	subject TEXT NOT NULL,
	order_id UUID,
	number BIGINT,
	told TEXT NOT NULL,
	CONSTRAINT pk_channel_order PRIMARY KEY (channel, subject)
)
;
CREATE INDEX ix_channel_order_order_id ON channel_order (order_id)
;
CREATE TABLE command (
	id VARCHAR(128) NOT NULL,
	scope VARCHAR(128) NOT NULL,
	stream SMALLINT NOT NULL,
	command_id UUID NOT NULL,
	name VARCHAR(64) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	person UUID,
	device UUID,
	key UUID,
	payload_hash BYTEA,
	refused BOOLEAN NOT NULL,
	answer BYTEA,
	CONSTRAINT pk_command PRIMARY KEY (id, scope, stream)
)
;
CREATE INDEX ix_command_stream_at ON command (stream, at)
;
CREATE TABLE counter (
	stream SMALLINT NOT NULL,
	name VARCHAR(64) NOT NULL,
	value BIGINT NOT NULL,
	CONSTRAINT pk_counter PRIMARY KEY (stream, name)
)
;
CREATE TABLE customer (
	id UUID NOT NULL,
	name TEXT NOT NULL,
	email TEXT,
	phone TEXT,
	language TEXT NOT NULL,
	wish TEXT NOT NULL CONSTRAINT ck_customer_wish CHECK (wish IN ('email', 'sms', 'none')),
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_customer PRIMARY KEY (id),
	CONSTRAINT ck_customer_known CHECK (email IS NOT NULL OR phone IS NOT NULL),
	CONSTRAINT uq_customer_email UNIQUE (email)
)
;
CREATE INDEX ix_customer_phone ON customer (phone)
;
CREATE UNIQUE INDEX uq_customer_phone_alone ON customer (phone) WHERE email IS NULL
;
CREATE TABLE device (
	id UUID NOT NULL,
	name TEXT NOT NULL,
	kind TEXT DEFAULT 'handheld' NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	station_id UUID,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_device_state_known CHECK (state IN ('offered', 'enrolled', 'revoked')),
	enrolment_hash BYTEA,
	enrolment_until TIMESTAMP WITH TIME ZONE,
	secret_hash BYTEA,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	enrolled_at TIMESTAMP WITH TIME ZONE,
	seen_at TIMESTAMP WITH TIME ZONE,
	battery_percent INTEGER,
	charging BOOLEAN,
	CONSTRAINT pk_device PRIMARY KEY (id),
	CONSTRAINT uq_device_name UNIQUE (name),
	CONSTRAINT uq_device_secret_hash UNIQUE (secret_hash)
)
;
CREATE TABLE device_stream (
	device_id UUID NOT NULL,
	epoch TEXT NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	high_water BIGINT NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_device_stream PRIMARY KEY (device_id, epoch)
)
;
CREATE TABLE event (
	stream SMALLINT NOT NULL,
	position BIGINT NOT NULL,
	type VARCHAR(64) NOT NULL,
	version SMALLINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	command_id UUID NOT NULL,
	payload TEXT NOT NULL,
	CONSTRAINT pk_event PRIMARY KEY (stream, position)
)
;
CREATE TABLE fact_aside (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_fact_aside_state_known CHECK (state IN ('waiting', 'booked', 'dismissed')),
	device_id UUID NOT NULL,
	person_id UUID,
	command_id UUID NOT NULL,
	kind TEXT NOT NULL,
	body TEXT NOT NULL,
	why TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	decided_at TIMESTAMP WITH TIME ZONE,
	decided_by UUID,
	CONSTRAINT pk_fact_aside PRIMARY KEY (id),
	CONSTRAINT uq_fact_aside_command_id UNIQUE (command_id)
)
;
CREATE TABLE floor_effect (
	command_id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	kind TEXT NOT NULL,
	task_id UUID,
	tour_id UUID,
	carton_id UUID,
	person_id UUID,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	effect TEXT NOT NULL,
	undone_by UUID,
	CONSTRAINT pk_floor_effect PRIMARY KEY (command_id)
)
;
CREATE INDEX ix_floor_effect_person ON floor_effect (warehouse_id, person_id, at)
;
CREATE INDEX ix_floor_effect_task ON floor_effect (task_id)
;
CREATE TABLE import_run (
	id UUID NOT NULL,
	kind TEXT NOT NULL,
	for_warehouse SMALLINT NOT NULL,
	state TEXT NOT NULL CONSTRAINT ck_import_run_state CHECK (state IN ('checking', 'checked', 'running', 'done', 'cancelled', 'failed')),
	file_name TEXT NOT NULL,
	size BIGINT NOT NULL,
	layout TEXT NOT NULL,
	columns TEXT NOT NULL,
	channel TEXT,
	understood TEXT NOT NULL,
	start_at_once BOOLEAN NOT NULL,
	skip_faults BOOLEAN NOT NULL,
	position BIGINT DEFAULT '1' NOT NULL,
	bytes_read BIGINT DEFAULT '0' NOT NULL,
	counts TEXT NOT NULL,
	results TEXT NOT NULL,
	preview TEXT NOT NULL,
	why TEXT DEFAULT '' NOT NULL,
	holder INTEGER,
	held_until TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	created_by UUID,
	started_at TIMESTAMP WITH TIME ZONE,
	started_by UUID,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_import_run PRIMARY KEY (id)
)
;
CREATE INDEX ix_import_run_state ON import_run (state)
;
CREATE TABLE item (
	id UUID NOT NULL,
	sku TEXT NOT NULL,
	names TEXT NOT NULL,
	uom TEXT DEFAULT 'each' NOT NULL,
	weight_g INTEGER NOT NULL,
	length_mm INTEGER NOT NULL,
	width_mm INTEGER NOT NULL,
	height_mm INTEGER NOT NULL,
	tracking TEXT DEFAULT 'none' NOT NULL CONSTRAINT ck_item_tracking CHECK (tracking IN ('none', 'lot', 'lot_expiry', 'serial')),
	velocity TEXT DEFAULT 'C' NOT NULL,
	hazmat TEXT,
	minimum_age SMALLINT DEFAULT '0' NOT NULL,
	price_minor BIGINT DEFAULT '0' NOT NULL,
	currency TEXT DEFAULT 'EUR' NOT NULL,
	picture_svg TEXT,
	picture_version TEXT,
	search TEXT DEFAULT '' NOT NULL,
	active BOOLEAN DEFAULT true NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_item PRIMARY KEY (id),
	CONSTRAINT uq_item_sku UNIQUE (sku)
)
;
CREATE TABLE left_checkout (
	id UUID NOT NULL,
	channel TEXT NOT NULL,
	checkout TEXT NOT NULL,
	began_at TIMESTAMP WITH TIME ZONE NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	currency TEXT NOT NULL,
	value_minor BIGINT NOT NULL,
	units INTEGER NOT NULL,
	number BIGINT,
	recovered_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_left_checkout PRIMARY KEY (id),
	CONSTRAINT uq_left_checkout_channel_checkout UNIQUE (channel, checkout)
)
;
CREATE INDEX ix_left_checkout_began_at ON left_checkout (began_at)
;
CREATE TABLE lpn (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	kind TEXT NOT NULL CONSTRAINT ck_lpn_kind CHECK (kind IN ('tote', 'carton', 'pallet')),
	code TEXT NOT NULL,
	CONSTRAINT pk_lpn PRIMARY KEY (id),
	CONSTRAINT uq_lpn_warehouse_id_code UNIQUE (warehouse_id, code)
)
;
CREATE TABLE message_switch (
	milestone TEXT NOT NULL,
	is_on BOOLEAN NOT NULL,
	CONSTRAINT pk_message_switch PRIMARY KEY (milestone)
)
;
CREATE TABLE message_template (
	milestone TEXT NOT NULL,
	channel TEXT NOT NULL,
	language TEXT NOT NULL,
	version INTEGER NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	by TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_message_template PRIMARY KEY (milestone, channel, language, version)
)
;
CREATE TABLE order_job (
	id UUID NOT NULL,
	action TEXT NOT NULL,
	asked TEXT NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_order_job_state_known CHECK (state IN ('running', 'done', 'cancelled')),
	person_id UUID,
	asked_by TEXT NOT NULL,
	may TEXT NOT NULL,
	total INTEGER NOT NULL,
	done INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_order_job_done CHECK (done >= 0),
	refused INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_order_job_refused CHECK (refused >= 0),
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_order_job PRIMARY KEY (id),
	CONSTRAINT ck_order_job_counts CHECK (done + refused <= total)
)
;
CREATE INDEX ix_order_job_state ON order_job (state, id)
;
CREATE TABLE order_view (
	person_id UUID NOT NULL,
	name TEXT NOT NULL,
	q TEXT,
	status TEXT,
	CONSTRAINT pk_order_view PRIMARY KEY (person_id, name)
)
;
CREATE TABLE parked_event (
	id UUID NOT NULL,
	sink TEXT NOT NULL,
	of_stream SMALLINT NOT NULL,
	position BIGINT NOT NULL,
	event TEXT NOT NULL,
	error TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_parked_event PRIMARY KEY (id),
	CONSTRAINT uq_parked_event_sink_of_stream_position UNIQUE (sink, of_stream, position)
)
;
CREATE TABLE payment_news (
	id UUID NOT NULL,
	gateway TEXT NOT NULL,
	event TEXT NOT NULL,
	kind TEXT NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_payment_news_state_known CHECK (state IN ('taken', 'ignored')),
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_payment_news PRIMARY KEY (id),
	CONSTRAINT uq_payment_news_gateway_event UNIQUE (gateway, event)
)
;
CREATE INDEX ix_payment_news_at ON payment_news (at)
;
CREATE TABLE person (
	id UUID NOT NULL,
	name TEXT NOT NULL,
	badge TEXT NOT NULL,
	roles TEXT NOT NULL,
	language TEXT DEFAULT 'en' NOT NULL,
	warehouse_id SMALLINT,
	pin_hash TEXT,
	pin_once BOOLEAN DEFAULT false NOT NULL,
	active BOOLEAN DEFAULT true NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_person PRIMARY KEY (id),
	CONSTRAINT uq_person_badge UNIQUE (badge)
)
;
CREATE TABLE printer (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	profile TEXT NOT NULL,
	address TEXT NOT NULL,
	page TEXT,
	condition TEXT DEFAULT 'unknown' NOT NULL,
	condition_at TIMESTAMP WITH TIME ZONE,
	unwell_since TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_printer PRIMARY KEY (id),
	CONSTRAINT uq_printer_warehouse_id_code UNIQUE (warehouse_id, code)
)
;
CREATE TABLE reconciliation (
	id UUID NOT NULL,
	gateway TEXT NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_reconciliation_state_known CHECK (state IN ('running', 'done', 'failed')),
	started_at TIMESTAMP WITH TIME ZONE NOT NULL,
	started_by TEXT NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_reconciliation PRIMARY KEY (id)
)
;
CREATE INDEX ix_reconciliation_running ON reconciliation (id) WHERE state = 'running'
;
CREATE TABLE rule_set (
	id UUID NOT NULL,
	kind TEXT NOT NULL,
	version INTEGER NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_rule_set_state_known CHECK (state IN ('draft', 'live', 'retired', 'dropped')),
	rules TEXT NOT NULL,
	note TEXT DEFAULT '' NOT NULL,
	written_by TEXT NOT NULL,
	written_at TIMESTAMP WITH TIME ZONE NOT NULL,
	live_by TEXT,
	live_at TIMESTAMP WITH TIME ZONE,
	retired_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_rule_set PRIMARY KEY (id),
	CONSTRAINT uq_rule_set_kind_version UNIQUE (kind, version)
)
;
CREATE INDEX ix_rule_set_state ON rule_set (state, kind)
;
CREATE TABLE sales_channel (
	code TEXT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	secret TEXT NOT NULL,
	token TEXT DEFAULT '' NOT NULL,
	settings TEXT NOT NULL,
	version INTEGER DEFAULT '1' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_sales_channel PRIMARY KEY (code)
)
;
CREATE TABLE secret (
	name TEXT NOT NULL,
	value BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_secret PRIMARY KEY (name)
)
;
CREATE TABLE shop_brand (
	id SMALLINT NOT NULL CONSTRAINT ck_shop_brand_only CHECK (id = 1),
	name TEXT NOT NULL,
	contact TEXT NOT NULL,
	colour TEXT NOT NULL,
	logo BYTEA,
	logo_type TEXT,
	logo_version TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_shop_brand PRIMARY KEY (id)
)
;
CREATE TABLE shop_delivery (
	id UUID NOT NULL,
	channel TEXT NOT NULL,
	delivery TEXT NOT NULL,
	digest BYTEA NOT NULL,
	topic TEXT NOT NULL,
	shop TEXT NOT NULL,
	triggered_at TEXT NOT NULL,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	body BYTEA NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_shop_delivery_state_known CHECK (state IN ('received', 'placed', 'refused', 'ignored', 'dismissed')),
	subject TEXT,
	order_number BIGINT,
	reason TEXT,
	faults TEXT,
	answers TEXT,
	CONSTRAINT pk_shop_delivery PRIMARY KEY (id),
	CONSTRAINT uq_shop_delivery_channel_delivery UNIQUE (channel, delivery),
	CONSTRAINT uq_shop_delivery_channel_digest UNIQUE (channel, digest)
)
;
CREATE INDEX ix_shop_delivery_due ON shop_delivery (state) WHERE state = 'received'
;
CREATE INDEX ix_shop_delivery_order ON shop_delivery (channel, order_number)
;
CREATE INDEX ix_shop_delivery_received_at ON shop_delivery (received_at)
;
CREATE INDEX ix_shop_delivery_subject ON shop_delivery (channel, subject)
;
CREATE TABLE sink_cursor (
	sink TEXT NOT NULL,
	of_stream SMALLINT NOT NULL,
	position BIGINT NOT NULL,
	holder TEXT,
	life BIGINT,
	lease_until TIMESTAMP WITH TIME ZONE,
	fence BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_sink_cursor PRIMARY KEY (sink, of_stream)
)
;
CREATE TABLE sourcing_policy (
	channel TEXT NOT NULL,
	policy TEXT NOT NULL,
	CONSTRAINT pk_sourcing_policy PRIMARY KEY (channel)
)
;
CREATE TABLE throttle (
	scope TEXT NOT NULL,
	failures INTEGER NOT NULL,
	until TIMESTAMP WITH TIME ZONE,
	last_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_throttle PRIMARY KEY (scope)
)
;
CREATE TABLE warehouse (
	id SMALLINT NOT NULL,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	time_zone TEXT NOT NULL,
	country TEXT NOT NULL,
	address TEXT NOT NULL,
	gcp TEXT NOT NULL,
	floor TEXT NOT NULL,
	CONSTRAINT pk_warehouse PRIMARY KEY (id),
	CONSTRAINT uq_warehouse_code UNIQUE (code)
)
;
CREATE TABLE wave (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	number BIGINT NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_wave_state_known CHECK (state IN ('releasing', 'undoing', 'released', 'finished', 'undone')),
	cutoff_at TIMESTAMP WITH TIME ZONE NOT NULL,
	filter TEXT NOT NULL,
	orders INTEGER NOT NULL,
	lines INTEGER NOT NULL,
	units INTEGER NOT NULL,
	short_lines INTEGER NOT NULL,
	tours INTEGER NOT NULL,
	length_mm BIGINT NOT NULL,
	bin_order_mm BIGINT NOT NULL,
	slices_done INTEGER DEFAULT '0' NOT NULL,
	slices INTEGER DEFAULT '0' NOT NULL,
	plan TEXT,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	created_by UUID,
	released_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_wave PRIMARY KEY (id),
	CONSTRAINT uq_wave_warehouse_id_number UNIQUE (warehouse_id, number)
)
;
CREATE TABLE wave_template (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	name TEXT NOT NULL,
	cutoff TEXT,
	services TEXT,
	carrier TEXT,
	zone TEXT,
	most INTEGER NOT NULL,
	CONSTRAINT pk_wave_template PRIMARY KEY (id),
	CONSTRAINT uq_wave_template_warehouse_id_name UNIQUE (warehouse_id, name)
)
;
CREATE TABLE webhook_endpoint (
	id UUID NOT NULL,
	channel TEXT,
	url TEXT NOT NULL,
	description TEXT NOT NULL,
	types TEXT NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_webhook_endpoint_state_known CHECK (state IN ('on', 'off', 'removed')),
	why TEXT,
	secret BYTEA NOT NULL,
	former BYTEA,
	former_until TIMESTAMP WITH TIME ZONE,
	failing_since TIMESTAMP WITH TIME ZONE,
	version INTEGER DEFAULT '1' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_webhook_endpoint PRIMARY KEY (id),
	CONSTRAINT uq_webhook_endpoint_channel UNIQUE (channel)
)
;
CREATE TABLE webhook_message (
	id UUID NOT NULL,
	of_stream SMALLINT,
	position BIGINT,
	type TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	body BYTEA NOT NULL,
	CONSTRAINT pk_webhook_message PRIMARY KEY (id),
	CONSTRAINT uq_webhook_message_of_stream_position UNIQUE (of_stream, position)
)
;
CREATE INDEX ix_webhook_message_at ON webhook_message (at)
;
CREATE TABLE zone (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	CONSTRAINT pk_zone PRIMARY KEY (id),
	CONSTRAINT uq_zone_warehouse_id_code UNIQUE (warehouse_id, code)
)
;
CREATE TABLE zone_chart (
	from_warehouse SMALLINT NOT NULL,
	country TEXT NOT NULL,
	prefix TEXT NOT NULL,
	zone INTEGER NOT NULL CONSTRAINT ck_zone_chart_zone CHECK (zone BETWEEN 1 AND 99),
	price_minor BIGINT,
	CONSTRAINT pk_zone_chart PRIMARY KEY (from_warehouse, country, prefix)
)
;
CREATE TABLE bin (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	zone_id UUID,
	code TEXT NOT NULL,
	type TEXT NOT NULL CONSTRAINT ck_bin_type CHECK (type IN ('pick', 'reserve', 'receiving', 'staging', 'pack', 'dock', 'quarantine', 'returns', 'cart', 'supplier', 'customer', 'adjustment', 'scrap')),
	aisle TEXT DEFAULT '' NOT NULL,
	bay INTEGER DEFAULT '0' NOT NULL,
	level TEXT DEFAULT '' NOT NULL,
	side TEXT DEFAULT '' NOT NULL,
	x_mm INTEGER DEFAULT '0' NOT NULL,
	y_mm INTEGER DEFAULT '0' NOT NULL,
	z_mm INTEGER DEFAULT '0' NOT NULL,
	check_digits TEXT DEFAULT '' NOT NULL,
	sequence INTEGER DEFAULT '0' NOT NULL,
	max_weight_g INTEGER,
	max_volume_ml INTEGER,
	locked BOOLEAN DEFAULT false NOT NULL,
	CONSTRAINT pk_bin PRIMARY KEY (id),
	CONSTRAINT uq_bin_warehouse_id_code UNIQUE (warehouse_id, code),
	CONSTRAINT fk_bin_zone_id_zone FOREIGN KEY(zone_id) REFERENCES zone (id)
)
;
CREATE INDEX ix_bin_warehouse_id_type_sequence_code ON bin (warehouse_id, type, sequence, code)
;
CREATE TABLE credit_account (
	id UUID NOT NULL,
	customer_id UUID NOT NULL,
	days INTEGER NOT NULL,
	limit_minor BIGINT,
	currency TEXT NOT NULL,
	version INTEGER DEFAULT '1' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_credit_account PRIMARY KEY (id),
	CONSTRAINT uq_credit_account_customer_id UNIQUE (customer_id),
	CONSTRAINT fk_credit_account_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id)
)
;
CREATE TABLE customer_note (
	id UUID NOT NULL,
	customer_id UUID NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	by TEXT NOT NULL,
	text TEXT NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE,
	changed_by TEXT,
	CONSTRAINT pk_customer_note PRIMARY KEY (id),
	CONSTRAINT fk_customer_note_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id)
)
;
CREATE INDEX ix_customer_note_customer ON customer_note (customer_id, id)
;
CREATE TABLE customer_term (
	term TEXT COLLATE "C" NOT NULL,
	customer_id UUID NOT NULL,
	CONSTRAINT pk_customer_term PRIMARY KEY (term, customer_id),
	CONSTRAINT fk_customer_term_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id)
)
;
CREATE INDEX ix_customer_term_customer_id ON customer_term (customer_id)
;
CREATE TABLE expected_receipt (
	id UUID NOT NULL,
	for_warehouse SMALLINT NOT NULL,
	reference TEXT NOT NULL,
	item_id UUID NOT NULL,
	quantity INTEGER NOT NULL CONSTRAINT ck_expected_receipt_quantity CHECK (quantity > 0),
	arrived INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_expected_receipt_arrived CHECK (arrived >= 0 AND arrived <= quantity),
	expected_on DATE NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_expected_receipt_state_known CHECK (state IN ('expected', 'arrived', 'cancelled')),
	version INTEGER DEFAULT '1' NOT NULL,
	CONSTRAINT pk_expected_receipt PRIMARY KEY (id),
	CONSTRAINT uq_expected_receipt_for_warehouse_reference_item_id UNIQUE (for_warehouse, reference, item_id),
	CONSTRAINT fk_expected_receipt_item_id_item FOREIGN KEY(item_id) REFERENCES item (id)
)
;
CREATE INDEX ix_expected_receipt_item ON expected_receipt (for_warehouse, item_id, state)
;
CREATE TABLE import_fault (
	import_id UUID NOT NULL,
	phase TEXT NOT NULL,
	number INTEGER NOT NULL,
	row BIGINT NOT NULL,
	"column" TEXT NOT NULL,
	code TEXT NOT NULL,
	wanted TEXT NOT NULL,
	got TEXT NOT NULL,
	params TEXT NOT NULL,
	CONSTRAINT pk_import_fault PRIMARY KEY (import_id, phase, number),
	CONSTRAINT fk_import_fault_import_id_import_run FOREIGN KEY(import_id) REFERENCES import_run (id)
)
;
CREATE TABLE import_outcome (
	import_id UUID NOT NULL,
	row BIGINT NOT NULL,
	last BIGINT NOT NULL,
	came_to TEXT NOT NULL,
	name TEXT NOT NULL,
	made TEXT NOT NULL,
	faults TEXT NOT NULL,
	CONSTRAINT pk_import_outcome PRIMARY KEY (import_id, row),
	CONSTRAINT fk_import_outcome_import_id_import_run FOREIGN KEY(import_id) REFERENCES import_run (id)
)
;
CREATE TABLE item_barcode (
	code TEXT NOT NULL,
	item_id UUID NOT NULL,
	uom TEXT NOT NULL,
	quantity INTEGER NOT NULL CONSTRAINT ck_item_barcode_quantity CHECK (quantity > 0),
	CONSTRAINT pk_item_barcode PRIMARY KEY (code),
	CONSTRAINT fk_item_barcode_item_id_item FOREIGN KEY(item_id) REFERENCES item (id)
)
;
CREATE INDEX ix_item_barcode_item_id ON item_barcode (item_id)
;
CREATE TABLE orders (
	id UUID NOT NULL,
	number BIGINT NOT NULL,
	channel TEXT NOT NULL,
	external_ref TEXT NOT NULL,
	currency TEXT NOT NULL,
	items_minor BIGINT NOT NULL,
	shipping_minor BIGINT DEFAULT '0' NOT NULL,
	tax_minor BIGINT DEFAULT '0' NOT NULL,
	total_minor BIGINT NOT NULL,
	customer TEXT NOT NULL,
	customer_id UUID,
	address TEXT NOT NULL,
	payment_method TEXT NOT NULL,
	payment_token TEXT DEFAULT '' NOT NULL,
	payment TEXT NOT NULL,
	captured_minor BIGINT DEFAULT '0' NOT NULL,
	settled_minor BIGINT DEFAULT '0' NOT NULL,
	authorised_until TIMESTAMP WITH TIME ZONE,
	split TEXT DEFAULT 'ship_available' NOT NULL,
	service TEXT NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	sourced TEXT,
	cutoff_at TIMESTAMP WITH TIME ZONE NOT NULL,
	promised_on DATE,
	status TEXT NOT NULL,
	captured_at TIMESTAMP WITH TIME ZONE NOT NULL,
	cancelled_at TIMESTAMP WITH TIME ZONE,
	released BOOLEAN DEFAULT false NOT NULL,
	score SMALLINT,
	tags TEXT DEFAULT '[]' NOT NULL,
	link INTEGER DEFAULT '1' NOT NULL,
	version INTEGER DEFAULT '1' NOT NULL,
	CONSTRAINT pk_orders PRIMARY KEY (id),
	CONSTRAINT uq_orders_channel_external_ref UNIQUE (channel, external_ref),
	CONSTRAINT uq_orders_number UNIQUE (number),
	CONSTRAINT fk_orders_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id)
)
;
CREATE INDEX ix_orders_channel_number ON orders (channel, number, status, service, warehouse_id)
;
CREATE INDEX ix_orders_customer ON orders (customer_id, id)
;
CREATE INDEX ix_orders_cutoff ON orders (cutoff_at)
;
CREATE INDEX ix_orders_service_number ON orders (service, number, status, channel, warehouse_id)
;
CREATE INDEX ix_orders_status ON orders (status, cutoff_at)
;
CREATE INDEX ix_orders_status_number ON orders (status, number, channel, service, warehouse_id)
;
CREATE INDEX ix_orders_warehouse_number ON orders (warehouse_id, number, status, channel, service)
;
CREATE TABLE print_job (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	printer_id UUID NOT NULL,
	other_id UUID,
	kind TEXT NOT NULL,
	subject_id UUID,
	payload BYTEA NOT NULL,
	content_hash BYTEA NOT NULL,
	copies INTEGER DEFAULT '1' NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_print_job_state_known CHECK (state IN ('queued', 'sending', 'printed', 'failed', 'unknown', 'cancelled')),
	attempt INTEGER DEFAULT '0' NOT NULL,
	reason TEXT,
	said TEXT,
	sender BIGINT,
	lease_until TIMESTAMP WITH TIME ZONE,
	fence BIGINT DEFAULT '0' NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE,
	queued_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	person_id UUID,
	CONSTRAINT pk_print_job PRIMARY KEY (id),
	CONSTRAINT fk_print_job_printer_id_printer FOREIGN KEY(printer_id) REFERENCES printer (id),
	CONSTRAINT fk_print_job_other_id_printer FOREIGN KEY(other_id) REFERENCES printer (id)
)
;
CREATE INDEX ix_print_job_due ON print_job (warehouse_id, state, due_at)
;
CREATE INDEX ix_print_job_subject ON print_job (subject_id)
;
CREATE UNIQUE INDEX ux_print_job_sending ON print_job (printer_id) WHERE state = 'sending'
;
CREATE TABLE reconciliation_line (
	id UUID NOT NULL,
	run_id UUID NOT NULL,
	reference TEXT NOT NULL,
	intent_id UUID,
	order_number BIGINT,
	verdict TEXT NOT NULL,
	ours TEXT,
	theirs TEXT,
	CONSTRAINT pk_reconciliation_line PRIMARY KEY (id),
	CONSTRAINT uq_reconciliation_line_run_id_reference UNIQUE (run_id, reference),
	CONSTRAINT fk_reconciliation_line_run_id_reconciliation FOREIGN KEY(run_id) REFERENCES reconciliation (id)
)
;
CREATE INDEX ix_reconciliation_line_intent ON reconciliation_line (run_id, intent_id)
;
CREATE INDEX ix_reconciliation_line_verdict ON reconciliation_line (run_id, verdict, id)
;
CREATE TABLE session (
	id UUID NOT NULL,
	token_hash BYTEA NOT NULL,
	person_id UUID NOT NULL,
	device_id UUID,
	warehouse_id SMALLINT,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_session PRIMARY KEY (id),
	CONSTRAINT uq_session_token_hash UNIQUE (token_hash),
	CONSTRAINT fk_session_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_session_device_id_device FOREIGN KEY(device_id) REFERENCES device (id)
)
;
CREATE INDEX ix_session_device_id ON session (device_id)
;
CREATE INDEX ix_session_expires_at ON session (expires_at)
;
CREATE INDEX ix_session_person_id ON session (person_id)
;
CREATE TABLE stock_rule (
	id UUID NOT NULL,
	name TEXT NOT NULL,
	for_warehouse SMALLINT,
	item_id UUID,
	safety INTEGER DEFAULT '0' NOT NULL,
	aside INTEGER DEFAULT '0' NOT NULL,
	percent INTEGER,
	whose TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_stock_rule PRIMARY KEY (id),
	CONSTRAINT ck_stock_rule_bounds CHECK (safety >= 0 AND aside >= 0 AND percent BETWEEN 0 AND 100),
	CONSTRAINT fk_stock_rule_item_id_item FOREIGN KEY(item_id) REFERENCES item (id)
)
;
CREATE TABLE tote (
	lpn_id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_tote_state_known CHECK (state IN ('empty', 'assigned', 'staged')),
	tour_id UUID,
	station_id UUID,
	CONSTRAINT pk_tote PRIMARY KEY (lpn_id),
	CONSTRAINT fk_tote_lpn_id_lpn FOREIGN KEY(lpn_id) REFERENCES lpn (id)
)
;
CREATE INDEX ix_tote_tour_id ON tote (tour_id)
;
CREATE TABLE tour (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	number BIGINT NOT NULL,
	wave_id UUID,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_tour_state_known CHECK (state IN ('waiting', 'offered', 'taken', 'started', 'finished', 'cancelled')),
	cart_id UUID,
	person_id UUID,
	device_id UUID,
	lease_until TIMESTAMP WITH TIME ZONE,
	cutoff_at TIMESTAMP WITH TIME ZONE NOT NULL,
	length_mm BIGINT DEFAULT '0' NOT NULL,
	bin_order_mm BIGINT DEFAULT '0' NOT NULL,
	proven BOOLEAN DEFAULT false NOT NULL,
	path TEXT NOT NULL,
	version INTEGER DEFAULT '1' NOT NULL,
	taken_at TIMESTAMP WITH TIME ZONE,
	finished_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_tour PRIMARY KEY (id),
	CONSTRAINT uq_tour_warehouse_id_number UNIQUE (warehouse_id, number),
	CONSTRAINT fk_tour_cart_id_cart FOREIGN KEY(cart_id) REFERENCES cart (id)
)
;
CREATE INDEX ix_tour_state ON tour (warehouse_id, state)
;
CREATE INDEX ix_tour_wave_id ON tour (wave_id)
;
CREATE TABLE webhook_delivery (
	id UUID NOT NULL,
	message_id UUID NOT NULL,
	endpoint_id UUID NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_webhook_delivery_state_known CHECK (state IN ('waiting', 'sending', 'delivered', 'failed')),
	tries INTEGER DEFAULT '0' NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE,
	sender BIGINT,
	lease_until TIMESTAMP WITH TIME ZONE,
	status INTEGER,
	reason TEXT,
	CONSTRAINT pk_webhook_delivery PRIMARY KEY (id),
	CONSTRAINT uq_webhook_delivery_message_id_endpoint_id UNIQUE (message_id, endpoint_id),
	CONSTRAINT fk_webhook_delivery_message_id_webhook_message FOREIGN KEY(message_id) REFERENCES webhook_message (id),
	CONSTRAINT fk_webhook_delivery_endpoint_id_webhook_endpoint FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id)
)
;
CREATE INDEX ix_webhook_delivery_due ON webhook_delivery (endpoint_id, due_at)
;
CREATE INDEX ix_webhook_delivery_sender ON webhook_delivery (sender) WHERE sender IS NOT NULL
;
CREATE INDEX ix_webhook_delivery_state ON webhook_delivery (endpoint_id, state)
;
CREATE TABLE customer_message (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	milestone TEXT NOT NULL,
	occasion TEXT NOT NULL,
	about TEXT NOT NULL,
	channel TEXT NOT NULL CONSTRAINT ck_customer_message_channel CHECK (channel IN ('email', 'sms')),
	address TEXT NOT NULL,
	language TEXT NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_customer_message_state_known CHECK (state IN ('waiting', 'parked', 'sending', 'sent', 'failed', 'unsure', 'dismissed')),
	tries INTEGER DEFAULT '0' NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE,
	sender BIGINT,
	lease_until TIMESTAMP WITH TIME ZONE,
	reason TEXT DEFAULT '' NOT NULL,
	template INTEGER,
	subject TEXT DEFAULT '' NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_customer_message PRIMARY KEY (id),
	CONSTRAINT uq_customer_message_order_id_occasion UNIQUE (order_id, occasion),
	CONSTRAINT fk_customer_message_order_id_orders FOREIGN KEY(order_id) REFERENCES orders (id)
)
;
CREATE INDEX ix_customer_message_due ON customer_message (due_at) WHERE due_at IS NOT NULL
;
CREATE INDEX ix_customer_message_sender ON customer_message (sender) WHERE sender IS NOT NULL
;
CREATE INDEX ix_customer_message_state ON customer_message (state, id)
;
CREATE TABLE fulfilment (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	order_id UUID NOT NULL,
	number BIGINT NOT NULL,
	wave_id UUID,
	service TEXT NOT NULL,
	cutoff_at TIMESTAMP WITH TIME ZONE NOT NULL,
	held BOOLEAN DEFAULT false NOT NULL,
	status TEXT NOT NULL,
	visible BOOLEAN DEFAULT false NOT NULL,
	version INTEGER DEFAULT '1' NOT NULL,
	CONSTRAINT pk_fulfilment PRIMARY KEY (id),
	CONSTRAINT fk_fulfilment_order_id_orders FOREIGN KEY(order_id) REFERENCES orders (id)
)
;
CREATE INDEX ix_fulfilment_order_id ON fulfilment (order_id)
;
CREATE INDEX ix_fulfilment_wave_id ON fulfilment (wave_id)
;
CREATE TABLE movement (
	id BIGSERIAL NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	item_id UUID NOT NULL,
	lot TEXT DEFAULT '' NOT NULL,
	quantity BIGINT NOT NULL CONSTRAINT ck_movement_quantity CHECK (quantity > 0),
	from_bin_id UUID NOT NULL,
	from_lpn_id UUID,
	from_status TEXT NOT NULL,
	to_bin_id UUID NOT NULL,
	to_lpn_id UUID,
	to_status TEXT NOT NULL,
	reason TEXT NOT NULL,
	person_id UUID,
	device_id UUID,
	command_id UUID NOT NULL,
	CONSTRAINT pk_movement PRIMARY KEY (id),
	CONSTRAINT fk_movement_item_id_item FOREIGN KEY(item_id) REFERENCES item (id),
	CONSTRAINT fk_movement_from_bin_id_bin FOREIGN KEY(from_bin_id) REFERENCES bin (id),
	CONSTRAINT fk_movement_from_lpn_id_lpn FOREIGN KEY(from_lpn_id) REFERENCES lpn (id),
	CONSTRAINT fk_movement_to_bin_id_bin FOREIGN KEY(to_bin_id) REFERENCES bin (id),
	CONSTRAINT fk_movement_to_lpn_id_lpn FOREIGN KEY(to_lpn_id) REFERENCES lpn (id)
)
;
CREATE INDEX ix_movement_command_id ON movement (command_id)
;
CREATE INDEX ix_movement_item ON movement (warehouse_id, item_id, id)
;
CREATE TABLE order_decision (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	moment TEXT NOT NULL,
	verdicts TEXT NOT NULL,
	seen TEXT NOT NULL,
	CONSTRAINT pk_order_decision PRIMARY KEY (id),
	CONSTRAINT fk_order_decision_order_id_orders FOREIGN KEY(order_id) REFERENCES orders (id)
)
;
CREATE INDEX ix_order_decision_order_id ON order_decision (order_id)
;
CREATE TABLE order_hold (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	reason TEXT NOT NULL,
	detail TEXT NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_order_hold_state_known CHECK (state IN ('open', 'released', 'lapsed')),
	placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	placed_by TEXT NOT NULL,
	owner TEXT NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE NOT NULL,
	escalated_at TIMESTAMP WITH TIME ZONE,
	rule TEXT,
	released_at TIMESTAMP WITH TIME ZONE,
	released_by TEXT,
	release_note TEXT,
	CONSTRAINT pk_order_hold PRIMARY KEY (id),
	CONSTRAINT fk_order_hold_order_id_orders FOREIGN KEY(order_id) REFERENCES orders (id)
)
;
CREATE INDEX ix_order_hold_open ON order_hold (state, due_at, id)
;
CREATE INDEX ix_order_hold_order_id ON order_hold (order_id)
;
CREATE TABLE order_job_row (
	job_id UUID NOT NULL,
	position INTEGER NOT NULL,
	order_id UUID NOT NULL,
	number BIGINT NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_order_job_row_state_known CHECK (state IN ('waiting', 'done', 'refused')),
	refusal TEXT,
	CONSTRAINT pk_order_job_row PRIMARY KEY (job_id, position),
	CONSTRAINT fk_order_job_row_job_id_order_job FOREIGN KEY(job_id) REFERENCES order_job (id),
	CONSTRAINT fk_order_job_row_order_id_orders FOREIGN KEY(order_id) REFERENCES orders (id)
)
;
CREATE INDEX ix_order_job_row_state ON order_job_row (job_id, state, position)
;
CREATE TABLE order_line (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	position INTEGER NOT NULL,
	item_id UUID NOT NULL,
	ordered INTEGER NOT NULL CONSTRAINT ck_order_line_ordered CHECK (ordered > 0),
	cancelled INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_order_line_cancelled CHECK (cancelled >= 0),
	price_minor BIGINT NOT NULL,
	CONSTRAINT pk_order_line PRIMARY KEY (id),
	CONSTRAINT uq_order_line_order_id_position UNIQUE (order_id, position),
	CONSTRAINT fk_order_line_order_id_orders FOREIGN KEY(order_id) REFERENCES orders (id),
	CONSTRAINT fk_order_line_item_id_item FOREIGN KEY(item_id) REFERENCES item (id)
)
;
CREATE INDEX ix_order_line_item ON order_line (item_id, order_id)
;
CREATE TABLE order_text (
	number BIGINT NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_order_text PRIMARY KEY (number),
	CONSTRAINT fk_order_text_number_orders FOREIGN KEY(number) REFERENCES orders (number)
)
;
CREATE INDEX ix_order_text_text ON order_text USING gin (text gin_trgm_ops)
;
CREATE TABLE order_timeline (
	id BIGSERIAL NOT NULL,
	order_id UUID NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	what TEXT NOT NULL,
	params TEXT NOT NULL,
	who TEXT NOT NULL,
	device TEXT,
	why TEXT,
	command_id UUID NOT NULL,
	CONSTRAINT pk_order_timeline PRIMARY KEY (id),
	CONSTRAINT fk_order_timeline_order_id_orders FOREIGN KEY(order_id) REFERENCES orders (id)
)
;
CREATE INDEX ix_order_timeline_order_id ON order_timeline (order_id)
;
CREATE TABLE parcel_text (
	id BIGSERIAL NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	order_id UUID NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_parcel_text PRIMARY KEY (id),
	CONSTRAINT fk_parcel_text_order_id_orders FOREIGN KEY(order_id) REFERENCES orders (id)
)
;
CREATE INDEX ix_parcel_text_text ON parcel_text USING gin (text gin_trgm_ops)
;
CREATE TABLE payment (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	method TEXT NOT NULL,
	gateway TEXT NOT NULL,
	token TEXT DEFAULT '' NOT NULL,
	amount_minor BIGINT DEFAULT '0' NOT NULL CONSTRAINT ck_payment_amount_minor CHECK (amount_minor >= 0),
	captured_minor BIGINT DEFAULT '0' NOT NULL CONSTRAINT ck_payment_captured_minor CHECK (captured_minor >= 0),
	refunded_minor BIGINT DEFAULT '0' NOT NULL CONSTRAINT ck_payment_refunded_minor CHECK (refunded_minor >= 0),
	received_minor BIGINT DEFAULT '0' NOT NULL CONSTRAINT ck_payment_received_minor CHECK (received_minor >= 0),
	waived_minor BIGINT DEFAULT '0' NOT NULL CONSTRAINT ck_payment_waived_minor CHECK (waived_minor >= 0),
	currency TEXT NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_payment_state_known CHECK (state IN ('authorising', 'awaited', 'authorised', 'declined', 'capturing', 'captured', 'refunded', 'voiding', 'voided')),
	authorisation UUID,
	authorised_until TIMESTAMP WITH TIME ZONE,
	renew_at TIMESTAMP WITH TIME ZONE,
	account_id UUID,
	days INTEGER,
	invoice_due_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_payment PRIMARY KEY (id),
	CONSTRAINT uq_payment_order_id UNIQUE (order_id),
	CONSTRAINT fk_payment_order_id_orders FOREIGN KEY(order_id) REFERENCES orders (id),
	CONSTRAINT fk_payment_account_id_credit_account FOREIGN KEY(account_id) REFERENCES credit_account (id)
)
;
CREATE INDEX ix_payment_account ON payment (account_id) WHERE account_id IS NOT NULL
;
CREATE INDEX ix_payment_renew ON payment (renew_at) WHERE renew_at IS NOT NULL
;
CREATE TABLE quant (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	bin_id UUID NOT NULL,
	item_id UUID NOT NULL,
	lot TEXT DEFAULT '' NOT NULL,
	expiry DATE,
	status TEXT DEFAULT 'available' NOT NULL CONSTRAINT ck_quant_status CHECK (status IN ('available', 'hold', 'damaged', 'quarantine', 'expired')),
	lpn_id UUID,
	on_hand BIGINT NOT NULL,
	reserved BIGINT DEFAULT '0' NOT NULL CONSTRAINT ck_quant_reserved CHECK (reserved >= 0),
	CONSTRAINT pk_quant PRIMARY KEY (id),
	CONSTRAINT fk_quant_bin_id_bin FOREIGN KEY(bin_id) REFERENCES bin (id),
	CONSTRAINT fk_quant_item_id_item FOREIGN KEY(item_id) REFERENCES item (id),
	CONSTRAINT fk_quant_lpn_id_lpn FOREIGN KEY(lpn_id) REFERENCES lpn (id)
)
;
CREATE INDEX ix_quant_item ON quant (warehouse_id, item_id)
;
CREATE INDEX ix_quant_lpn ON quant (lpn_id)
;
CREATE UNIQUE INDEX ux_quant_loose ON quant (bin_id, item_id, lot, status) WHERE lpn_id IS NULL
;
CREATE UNIQUE INDEX ux_quant_lpn ON quant (bin_id, lpn_id, item_id, lot, status) WHERE lpn_id IS NOT NULL
;
CREATE TABLE station (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	bin_id UUID NOT NULL,
	printer_id UUID,
	second_printer_id UUID,
	on_second BOOLEAN DEFAULT false NOT NULL,
	parking INTEGER DEFAULT '0' NOT NULL,
	CONSTRAINT pk_station PRIMARY KEY (id),
	CONSTRAINT uq_station_warehouse_id_code UNIQUE (warehouse_id, code),
	CONSTRAINT fk_station_bin_id_bin FOREIGN KEY(bin_id) REFERENCES bin (id),
	CONSTRAINT fk_station_printer_id_printer FOREIGN KEY(printer_id) REFERENCES printer (id),
	CONSTRAINT fk_station_second_printer_id_printer FOREIGN KEY(second_printer_id) REFERENCES printer (id)
)
;
CREATE TABLE webhook_try (
	id UUID NOT NULL,
	delivery_id UUID NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	status INTEGER,
	reason TEXT NOT NULL,
	said TEXT NOT NULL,
	took_ms INTEGER NOT NULL,
	CONSTRAINT pk_webhook_try PRIMARY KEY (id),
	CONSTRAINT fk_webhook_try_delivery_id_webhook_delivery FOREIGN KEY(delivery_id) REFERENCES webhook_delivery (id)
)
;
CREATE INDEX ix_webhook_try_delivery_id ON webhook_try (delivery_id)
;
CREATE TABLE carton (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	number INTEGER NOT NULL,
	fulfilment_id UUID NOT NULL,
	station_id UUID NOT NULL,
	lpn_id UUID NOT NULL,
	sscc TEXT NOT NULL,
	carton_type TEXT NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_carton_state_known CHECK (state IN ('open', 'complete', 'closed', 'voided')),
	expected_g INTEGER DEFAULT '0' NOT NULL,
	weight_g INTEGER,
	person_id UUID,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	version INTEGER DEFAULT '1' NOT NULL,
	CONSTRAINT pk_carton PRIMARY KEY (id),
	CONSTRAINT uq_carton_fulfilment_id_number UNIQUE (fulfilment_id, number),
	CONSTRAINT fk_carton_fulfilment_id_fulfilment FOREIGN KEY(fulfilment_id) REFERENCES fulfilment (id),
	CONSTRAINT fk_carton_station_id_station FOREIGN KEY(station_id) REFERENCES station (id),
	CONSTRAINT fk_carton_lpn_id_lpn FOREIGN KEY(lpn_id) REFERENCES lpn (id),
	CONSTRAINT uq_carton_sscc UNIQUE (sscc),
	CONSTRAINT fk_carton_carton_type_carton_type FOREIGN KEY(carton_type) REFERENCES carton_type (code)
)
;
CREATE INDEX ix_carton_fulfilment_id ON carton (fulfilment_id)
;
CREATE INDEX ix_carton_station ON carton (station_id, state)
;
CREATE TABLE customer_message_try (
	id UUID NOT NULL,
	message_id UUID NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	address TEXT NOT NULL,
	verdict TEXT NOT NULL,
	reason TEXT NOT NULL,
	said TEXT NOT NULL,
	CONSTRAINT pk_customer_message_try PRIMARY KEY (id),
	CONSTRAINT fk_customer_message_try_message_id_customer_message FOREIGN KEY(message_id) REFERENCES customer_message (id)
)
;
CREATE INDEX ix_customer_message_try_message_id ON customer_message_try (message_id)
;
CREATE TABLE fulfilment_line (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	fulfilment_id UUID NOT NULL,
	order_line_id UUID NOT NULL,
	position INTEGER NOT NULL,
	item_id UUID NOT NULL,
	ordered INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_fulfilment_line_ordered CHECK (ordered >= 0),
	cancelled INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_fulfilment_line_cancelled CHECK (cancelled >= 0),
	backordered INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_fulfilment_line_backordered CHECK (backordered >= 0),
	reserved INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_fulfilment_line_reserved CHECK (reserved >= 0),
	picked INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_fulfilment_line_picked CHECK (picked >= 0),
	packed INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_fulfilment_line_packed CHECK (packed >= 0),
	shipped INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_fulfilment_line_shipped CHECK (shipped >= 0),
	returned INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_fulfilment_line_returned CHECK (returned >= 0),
	to_put_back INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_fulfilment_line_to_put_back CHECK (to_put_back >= 0),
	backorder_reason TEXT,
	backorder_expected DATE,
	version INTEGER DEFAULT '1' NOT NULL,
	CONSTRAINT pk_fulfilment_line PRIMARY KEY (id),
	CONSTRAINT ck_fulfilment_line_order_of_facts CHECK (shipped <= packed AND packed <= picked),
	CONSTRAINT ck_fulfilment_line_open CHECK (ordered - cancelled - backordered - reserved - picked >= 0),
	CONSTRAINT uq_fulfilment_line_fulfilment_id_position UNIQUE (fulfilment_id, position),
	CONSTRAINT fk_fulfilment_line_fulfilment_id_fulfilment FOREIGN KEY(fulfilment_id) REFERENCES fulfilment (id),
	CONSTRAINT fk_fulfilment_line_order_line_id_order_line FOREIGN KEY(order_line_id) REFERENCES order_line (id),
	CONSTRAINT fk_fulfilment_line_item_id_item FOREIGN KEY(item_id) REFERENCES item (id)
)
;
CREATE INDEX ix_fulfilment_line_order_line_id ON fulfilment_line (order_line_id)
;
CREATE TABLE fulfilment_timeline (
	id BIGSERIAL NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	fulfilment_id UUID NOT NULL,
	line_id UUID,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	what TEXT NOT NULL,
	params TEXT NOT NULL,
	who TEXT NOT NULL,
	device TEXT,
	why TEXT,
	command_id UUID NOT NULL,
	CONSTRAINT pk_fulfilment_timeline PRIMARY KEY (id),
	CONSTRAINT fk_fulfilment_timeline_fulfilment_id_fulfilment FOREIGN KEY(fulfilment_id) REFERENCES fulfilment (id)
)
;
CREATE INDEX ix_fulfilment_timeline_fulfilment_id ON fulfilment_timeline (fulfilment_id)
;
CREATE TABLE parked_order (
	station_id UUID NOT NULL,
	place INTEGER NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	fulfilment_id UUID NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	last_id UUID,
	CONSTRAINT pk_parked_order PRIMARY KEY (station_id, place),
	CONSTRAINT uq_parked_order_station_id_fulfilment_id UNIQUE (station_id, fulfilment_id),
	CONSTRAINT fk_parked_order_station_id_station FOREIGN KEY(station_id) REFERENCES station (id),
	CONSTRAINT fk_parked_order_fulfilment_id_fulfilment FOREIGN KEY(fulfilment_id) REFERENCES fulfilment (id),
	CONSTRAINT fk_parked_order_last_id_lpn FOREIGN KEY(last_id) REFERENCES lpn (id)
)
;
CREATE INDEX ix_parked_order_fulfilment_id ON parked_order (fulfilment_id)
;
CREATE TABLE payment_intent (
	id UUID NOT NULL,
	payment_id UUID NOT NULL,
	kind TEXT NOT NULL CONSTRAINT ck_payment_intent_kind CHECK (kind IN ('authorise', 'reauthorise', 'capture', 'void', 'refund', 'receive')),
	amount_minor BIGINT DEFAULT '0' NOT NULL CONSTRAINT ck_payment_intent_amount_minor CHECK (amount_minor >= 0),
	about UUID,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_payment_intent_state_known CHECK (state IN ('intended', 'asked', 'pending', 'succeeded', 'declined', 'abandoned', 'taken_back')),
	attempts INTEGER DEFAULT '0' NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	answered_at TIMESTAMP WITH TIME ZONE,
	answer TEXT,
	reference TEXT,
	note TEXT DEFAULT '' NOT NULL,
	intended_by TEXT NOT NULL,
	CONSTRAINT pk_payment_intent PRIMARY KEY (id),
	CONSTRAINT fk_payment_intent_payment_id_payment FOREIGN KEY(payment_id) REFERENCES payment (id)
)
;
CREATE INDEX ix_payment_intent_due ON payment_intent (due_at)
;
CREATE INDEX ix_payment_intent_made ON payment_intent (kind, created_at)
;
CREATE INDEX ix_payment_intent_payment_id ON payment_intent (payment_id)
;
CREATE INDEX ix_payment_intent_reference ON payment_intent (reference) WHERE reference IS NOT NULL
;
CREATE TABLE promise (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	line_id UUID NOT NULL,
	for_warehouse SMALLINT NOT NULL,
	item_id UUID NOT NULL,
	quantity INTEGER NOT NULL CONSTRAINT ck_promise_quantity CHECK (quantity > 0),
	receipt_id UUID,
	promised_on DATE,
	channel TEXT NOT NULL,
	customer TEXT DEFAULT '' NOT NULL,
	asleep BOOLEAN DEFAULT false NOT NULL,
	CONSTRAINT pk_promise PRIMARY KEY (id),
	CONSTRAINT ck_promise_day CHECK (receipt_id IS NULL OR promised_on IS NOT NULL),
	CONSTRAINT fk_promise_order_id_orders FOREIGN KEY(order_id) REFERENCES orders (id),
	CONSTRAINT fk_promise_line_id_order_line FOREIGN KEY(line_id) REFERENCES order_line (id),
	CONSTRAINT fk_promise_receipt_id_expected_receipt FOREIGN KEY(receipt_id) REFERENCES expected_receipt (id)
)
;
CREATE INDEX ix_promise_item ON promise (for_warehouse, item_id, receipt_id, promised_on, quantity)
;
CREATE INDEX ix_promise_line_id ON promise (line_id)
;
CREATE INDEX ix_promise_order_id ON promise (order_id)
;
CREATE INDEX ix_promise_waits ON promise (item_id, for_warehouse, receipt_id, promised_on, channel, customer, quantity) WHERE (promised_on IS NULL OR receipt_id IS NOT NULL) AND NOT asleep
;
CREATE TABLE shipment (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	fulfilment_id UUID NOT NULL,
	number INTEGER NOT NULL,
	service TEXT NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_shipment_state_known CHECK (state IN ('open', 'closed', 'voided')),
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_shipment PRIMARY KEY (id),
	CONSTRAINT uq_shipment_fulfilment_id_number UNIQUE (fulfilment_id, number),
	CONSTRAINT fk_shipment_fulfilment_id_fulfilment FOREIGN KEY(fulfilment_id) REFERENCES fulfilment (id)
)
;
CREATE INDEX ix_shipment_fulfilment_id ON shipment (fulfilment_id)
;
CREATE TABLE tour_slot (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	tour_id UUID NOT NULL,
	slot INTEGER NOT NULL,
	fulfilment_id UUID NOT NULL,
	lpn_id UUID,
	CONSTRAINT pk_tour_slot PRIMARY KEY (id),
	CONSTRAINT uq_tour_slot_tour_id_slot UNIQUE (tour_id, slot),
	CONSTRAINT fk_tour_slot_tour_id_tour FOREIGN KEY(tour_id) REFERENCES tour (id),
	CONSTRAINT fk_tour_slot_fulfilment_id_fulfilment FOREIGN KEY(fulfilment_id) REFERENCES fulfilment (id),
	CONSTRAINT fk_tour_slot_lpn_id_lpn FOREIGN KEY(lpn_id) REFERENCES lpn (id)
)
;
CREATE INDEX ix_tour_slot_fulfilment_id ON tour_slot (fulfilment_id)
;
CREATE INDEX ix_tour_slot_lpn_id ON tour_slot (lpn_id)
;
CREATE TABLE carton_item (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	carton_id UUID NOT NULL,
	line_id UUID NOT NULL,
	item_id UUID NOT NULL,
	lot TEXT DEFAULT '' NOT NULL,
	expiry DATE,
	quantity INTEGER NOT NULL,
	CONSTRAINT pk_carton_item PRIMARY KEY (id),
	CONSTRAINT uq_carton_item_carton_id_line_id_lot UNIQUE (carton_id, line_id, lot),
	CONSTRAINT fk_carton_item_carton_id_carton FOREIGN KEY(carton_id) REFERENCES carton (id),
	CONSTRAINT fk_carton_item_line_id_fulfilment_line FOREIGN KEY(line_id) REFERENCES fulfilment_line (id),
	CONSTRAINT fk_carton_item_item_id_item FOREIGN KEY(item_id) REFERENCES item (id)
)
;
CREATE INDEX ix_carton_item_line_id ON carton_item (line_id)
;
CREATE TABLE label (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	carton_id UUID NOT NULL,
	shipment_id UUID NOT NULL,
	state VARCHAR(32) NOT NULL CONSTRAINT ck_label_state_known CHECK (state IN ('wanted', 'live', 'void', 'refused')),
	sscc TEXT NOT NULL,
	tracking TEXT,
	zpl BYTEA,
	reason TEXT,
	attempts INTEGER DEFAULT '0' NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE,
	asker BIGINT,
	wanted_at TIMESTAMP WITH TIME ZONE NOT NULL,
	issued_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_label PRIMARY KEY (id),
	CONSTRAINT fk_label_carton_id_carton FOREIGN KEY(carton_id) REFERENCES carton (id),
	CONSTRAINT fk_label_shipment_id_shipment FOREIGN KEY(shipment_id) REFERENCES shipment (id)
)
;
CREATE INDEX ix_label_asker ON label (asker) WHERE asker IS NOT NULL
;
CREATE INDEX ix_label_carton_id ON label (carton_id)
;
CREATE INDEX ix_label_due ON label (due_at)
;
CREATE INDEX ix_label_shipment_id ON label (shipment_id)
;
CREATE UNIQUE INDEX ux_label_live ON label (carton_id) WHERE state IN ('wanted', 'live')
;
CREATE TABLE task (
	id UUID NOT NULL,
	warehouse_id SMALLINT NOT NULL,
	kind TEXT NOT NULL CONSTRAINT ck_task_kind CHECK (kind IN ('pick', 'put_back', 'count', 'unpack')),
	state VARCHAR(32) NOT NULL CONSTRAINT ck_task_state_known CHECK (state IN ('waiting', 'open', 'done', 'cancelled')),
	tour_id UUID,
	slot INTEGER,
	position INTEGER DEFAULT '0' NOT NULL,
	fulfilment_id UUID,
	line_id UUID,
	quant_id UUID,
	bin_id UUID NOT NULL,
	lpn_id UUID,
	item_id UUID NOT NULL,
	lot TEXT DEFAULT '' NOT NULL,
	expiry DATE,
	quantity INTEGER NOT NULL,
	done INTEGER DEFAULT '0' NOT NULL,
	short INTEGER DEFAULT '0' NOT NULL,
	reason TEXT,
	person_id UUID,
	version INTEGER DEFAULT '1' NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	done_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_task PRIMARY KEY (id),
	CONSTRAINT fk_task_tour_id_tour FOREIGN KEY(tour_id) REFERENCES tour (id),
	CONSTRAINT fk_task_fulfilment_id_fulfilment FOREIGN KEY(fulfilment_id) REFERENCES fulfilment (id),
	CONSTRAINT fk_task_line_id_fulfilment_line FOREIGN KEY(line_id) REFERENCES fulfilment_line (id),
	CONSTRAINT fk_task_quant_id_quant FOREIGN KEY(quant_id) REFERENCES quant (id),
	CONSTRAINT fk_task_bin_id_bin FOREIGN KEY(bin_id) REFERENCES bin (id),
	CONSTRAINT fk_task_lpn_id_lpn FOREIGN KEY(lpn_id) REFERENCES lpn (id),
	CONSTRAINT fk_task_item_id_item FOREIGN KEY(item_id) REFERENCES item (id)
)
;
CREATE INDEX ix_task_done ON task (warehouse_id, done_at)
;
CREATE INDEX ix_task_fulfilment ON task (fulfilment_id)
;
CREATE INDEX ix_task_line_id ON task (line_id)
;
CREATE INDEX ix_task_open ON task (warehouse_id, kind, state)
;
CREATE INDEX ix_task_quant_id ON task (quant_id)
;
CREATE INDEX ix_task_tour ON task (tour_id, position)
;
