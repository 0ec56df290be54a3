package io.intermodal.server.monitoring;

/** What is answered to one HTTP request. */
record Page(int status, String contentType, String body) {
  static Page text(int status, String text) {
    return new Page(status, "text/plain; charset=utf-8", text + "\n");
  }
}
