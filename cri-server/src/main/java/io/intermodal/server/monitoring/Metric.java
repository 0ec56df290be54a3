package io.intermodal.server.monitoring;

import com.google.common.collect.ImmutableList;

/** The catalogue of this server's metrics: every name, label and text that we give out. */
public enum Metric {
  BUILD_INFO(
      "intermodal_build_info",
      Kind.INFO,
      "Which build this is and which engine it serves; always 1.",
      "version",
      "engine"),
  RPC_DURATION(
      "intermodal_rpc_duration_seconds",
      Kind.HISTOGRAM,
      "How long calls of CRI took, until they were answered or given up by their caller.",
      "rpc",
      "engine",
      "code"),
  RPCS_IN_FLIGHT(
      "intermodal_rpcs_in_flight", Kind.GAUGE, "Calls of CRI that are being answered.", "rpc"),
  ENGINE_UP(
      "intermodal_engine_up",
      Kind.GAUGE,
      "1 when the engine answers and what is on it is known, else 0.",
      "engine"),
  REPAIRS(
      "intermodal_repairs_total",
      Kind.COUNTER,
      "Answers that were given instead of an engine that has none.",
      "engine",
      "rpc"),
  ENGINE_LAST_EVENT(
      "intermodal_engine_last_event_age_seconds",
      Kind.GAUGE,
      "How long the engine has told of no change; missing before the first one.",
      "engine"),
  ENGINE_DISCONNECTS(
      "intermodal_engine_disconnects_total",
      Kind.COUNTER,
      "How often the engine went away.",
      "engine"),
  ENGINE_RESYNCS(
      "intermodal_engine_resyncs_total",
      Kind.COUNTER,
      "How often everything on the engine was read, which follows each connection to it.",
      "engine"),
  ENGINE_REQUESTS(
      "intermodal_engine_requests_total",
      Kind.COUNTER,
      "Requests to the engine, by the RPC that caused them (\"none\": work of the server's own) and"
          + " by kind.",
      "engine",
      "rpc",
      "request"),
  INDEX_OBJECTS(
      "intermodal_index_objects",
      Kind.GAUGE,
      "What is known to be on the engine, by kind: sandbox, container, image.",
      "engine",
      "kind"),
  SESSIONS_OPEN(
      "intermodal_streaming_sessions_open",
      Kind.GAUGE,
      "Sessions that go on, by kind: exec, attach, portforward.",
      "kind"),
  SESSIONS(
      "intermodal_streaming_sessions_total",
      Kind.COUNTER,
      "Sessions that a client has come for, by kind.",
      "kind"),
  LOG_WRITERS(
      "intermodal_log_writers", Kind.GAUGE, "Containers whose log is being written or waited for."),
  LOG_BYTES("intermodal_log_written_bytes_total", Kind.COUNTER, "Bytes written to container logs."),
  LOG_RECORDS(
      "intermodal_log_records_total",
      Kind.COUNTER,
      "Records of container logs: lines, and parts of lines above 16 KiB."),
  LOG_TROUBLES(
      "intermodal_log_troubles_total",
      Kind.COUNTER,
      "How often a container's log could not be written or its output not be read."),
  CNI_DURATION(
      "intermodal_cni_plugin_duration_seconds",
      Kind.HISTOGRAM,
      "How long CNI plugins took, by command (ADD, DEL, CHECK) and plugin.",
      "command",
      "plugin"),
  CNI_FAILURES(
      "intermodal_cni_plugin_failures_total",
      Kind.COUNTER,
      "CNI plugins that failed, were stopped for being late or could not be run.",
      "command",
      "plugin");

  private final String exposedName;
  private final Kind kind;
  private final String description;
  private final ImmutableList<String> labels;

  Metric(String exposedName, Kind kind, String description, String... labels) {
    this.exposedName = exposedName;
    this.kind = kind;
    this.description = description;
    this.labels = ImmutableList.copyOf(labels);
  }

  /** As Prometheus names it. */
  public enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    INFO
  }

  /** The name as it is scraped; a histogram's series have {@code _bucket}, and so on, behind it. */
  public String exposedName() {
    return exposedName;
  }

  public Kind kind() {
    return kind;
  }

  /** One or two sentences. */
  public String description() {
    return description;
  }

  /** The labels in the order in which their values are given. */
  public ImmutableList<String> labels() {
    return labels;
  }

  String[] labelNames() {
    return labels.toArray(String[]::new);
  }
}
