//! A message posted to a Streamable HTTP server, and the answer that comes to it.

use std::{collections::HashMap, sync::Arc};

use http::{
    HeaderName, Method, StatusCode,
    header::{ACCEPT, CONTENT_TYPE},
};
use rmcp::{
    model::{ClientJsonRpcMessage, ClientRequest, RequestId, ServerJsonRpcMessage},
    transport::streamable_http_client::{StreamableHttpError, StreamableHttpPostResponse},
};

use super::{
    answer::{self, Body},
    events::{self, MAX_ANSWER_STREAM},
    fault::WireFault,
    http::{Ask, BOTH, Http, JSON, Refused, SESSION, common, parsed},
    request::may_take_long,
    wire,
};

/// What kind of message goes out.
struct Sent {
    id: Option<RequestId>,
    is_long: bool,
    is_endless: bool,
}

impl Sent {
    fn of(message: &ClientJsonRpcMessage) -> Self {
        match message {
            ClientJsonRpcMessage::Request(request) => Self {
                id: Some(request.id.clone()),
                is_long: may_take_long(&request.request),
                is_endless: matches!(
                    request.request,
                    ClientRequest::SubscriptionsListenRequest(_)
                ),
            },
            _ => Self {
                id: None,
                is_long: false,
                is_endless: false,
            },
        }
    }
}

impl Http {
    /// Posts a message.
    pub(super) async fn post(
        &self,
        uri: &str,
        message: ClientJsonRpcMessage,
        session: Option<Arc<str>>,
        custom: HashMap<HeaderName, http::HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, Refused> {
        self.wire().expect(&message);
        let body = serde_json::to_vec(&message)?;
        let kind = Sent::of(&message);
        let mut headers = common(custom, session.as_deref())?;
        headers.insert(ACCEPT, BOTH);
        headers.insert(CONTENT_TYPE, JSON);
        let ask = Ask {
            id: kind.id.clone(),
            method: Method::POST,
            url: parsed(uri)?,
            headers,
            body: Some(body.into()),
            wait: (!kind.is_long).then_some(self.wait()),
        };
        let response = self.send(ask).await.map_err(Refused::Client)?;
        let status = response.status();
        if let Some(refusal) = answer::refusal(&response, self.has_credentials()) {
            return Err(Refused::Client(refusal));
        }
        if status == StatusCode::NOT_FOUND && session.is_some() {
            return Err(StreamableHttpError::SessionExpired);
        }
        let Some(id) = &kind.id else {
            return if status.is_success() {
                Ok(StreamableHttpPostResponse::Accepted)
            } else {
                Err(Refused::Client(answer::failed(status, &[])))
            };
        };
        if matches!(status, StatusCode::ACCEPTED | StatusCode::NO_CONTENT) {
            return match session {
                Some(_) => Ok(StreamableHttpPostResponse::Accepted),
                None => Err(Refused::Client(answer::no_answer(status))),
            };
        }
        self.answered(response, id, &kind)
            .await
            .map_err(Refused::Client)
    }

    /// The answer to a request, at once or as a stream that brings it.
    async fn answered(
        &self,
        response: reqwest::Response,
        id: &RequestId,
        kind: &Sent,
    ) -> Result<StreamableHttpPostResponse, WireFault> {
        let status = response.status();
        let new_session = response
            .headers()
            .get(&SESSION)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        match answer::body_kind(&response) {
            Body::Events if status.is_success() => {
                let total = (!kind.is_endless).then_some(MAX_ANSWER_STREAM);
                let wire = Arc::clone(self.wire());
                let stream = events::messages(response, wire, Some(id.clone()), total);
                Ok(StreamableHttpPostResponse::Sse(stream, new_session))
            }
            Body::Json => {
                let wait = (!kind.is_long).then_some(self.wait());
                let bytes = answer::read(response, wait).await?;
                if bytes.is_empty() && status.is_success() {
                    return Err(answer::no_answer(status));
                }
                let message = self.message(status, &bytes, id)?;
                Ok(StreamableHttpPostResponse::Json(message, new_session))
            }
            other if status.is_success() => Err(answer::wrong_type(&other)),
            _ => Err(answer::failed(status, &[])),
        }
    }

    /// The one message a JSON body holds: the answer to the request it came for.
    fn message(
        &self,
        status: StatusCode,
        bytes: &[u8],
        id: &RequestId,
    ) -> Result<ServerJsonRpcMessage, WireFault> {
        let absorbed = self
            .wire()
            .absorb(bytes)
            .and_then(|a| wire::typed(a.message));
        match absorbed {
            Ok(ServerJsonRpcMessage::Error(mut error)) => {
                // Some servers cannot echo the id of what they refuse.
                error.id = Some(id.clone());
                Ok(ServerJsonRpcMessage::Error(error))
            }
            Ok(ServerJsonRpcMessage::Response(response))
                if status.is_success() && wire::same(id, &response.id) =>
            {
                Ok(ServerJsonRpcMessage::Response(response))
            }
            _ if !status.is_success() => Err(answer::failed(status, bytes)),
            Ok(_) => Err(answer::unusable("it does not answer what was asked")),
            Err(reason) => Err(answer::unusable(&reason)),
        }
    }
}
