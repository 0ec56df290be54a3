package io.intermodal.server.several.member;

/** What there is on an engine. In all three answers the items are field 1, and their ids too. */
public enum ContentKind {
  SANDBOXES("ListPodSandbox", "sandboxes"),
  CONTAINERS("ListContainers", "containers"),
  IMAGES("ListImages", "images");

  static final int ITEMS = 1;
  static final int ID = 1;

  private final String rpc;
  private final String file;

  ContentKind(String rpc, String file) {
    this.rpc = rpc;
    this.file = file;
  }

  /** The RPC that lists all of it. */
  public String rpc() {
    return rpc;
  }

  String file() {
    return file;
  }
}
